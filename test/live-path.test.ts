import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Message, READS, decode, encode, isType } from '@tapedeck/contracts'
import { type Json, createExecutionDecider, dec } from '@tapedeck/core'
import { REPOSITORY } from '@tapedeck/dev'
import { loadTradingConfig } from '@tapedeck/runtime'
import { type Stack, startStack } from '@tapedeck/stack'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'
import { ExecutionProcess } from './harness/execution-process.ts'
import { KEYS, type LiveMarket, SYMBOL, startLiveMarket } from './harness/live-market.ts'
import { RiskVoice } from './harness/play-risk.ts'
import { type TraceCollector, startTraceCollector } from './harness/trace-collector.ts'
import { watchTape } from './harness/watch-tape.ts'

const START_MS_MAX = 120_000
const UNTIL_MS_MAX = 90_000
const on = { account: 'paper', venue: 'binance-usdm', symbol: SYMBOL }
const dataDir = makeTestFolder('live-path')
const configPath = join(dataDir, 'live.yaml')

let market: LiveMarket
let stack: Stack
let execution: ExecutionProcess
let risk: RiskVoice
let collector: TraceCollector
let unwatch: () => Promise<void>
const tape: Message[] = []

/** Ends before its test does: a wait that goes on would keep the process. */
const until = async <T>(look: () => T | undefined | null | false): Promise<T> => {
  for (let waited = 0; waited < UNTIL_MS_MAX; waited += 20) {
    const found = look()
    if (found !== undefined && found !== null && found !== false) return found
    await sleep(20)
  }
  const last = tape.slice(-30).map(({ type, payload }) => `${type} ${JSON.stringify(payload)}`)
  throw new Error(`what was waited for did not come; the end of the tape:\n${last.join('\n')}`)
}
const told = <T extends Message['type']>(type: T): Message<T>[] =>
  tape.filter((one) => isType(one, type))
const orders = (type: 'execution.order.submitted' | 'execution.order.accepted', role: string) =>
  told(type).filter(({ payload }) => payload.order.role === role)

const approve = async (id: string, quantity: string): Promise<void> => {
  const response = await fetch(`${market.restUrl}/fapi/v1/ticker/bookTicker?symbol=${SYMBOL}`)
  const { askPrice } = (await response.json()) as { askPrice: string }
  const tick = (factor: string): string => dec(askPrice).times(factor).toDecimalPlaces(1).toString()
  const [entry, stop, target] = [tick('1.0003'), tick('0.99'), tick('1.01')] as const
  await risk.say('risk.signal.approved', `decision-${id}`, {
    ...on,
    decision_id: `decision-${id}`,
    signal_id: `signal-${id}`,
    setup_id: `setup-${id}`,
    at: Date.now(),
    strategy: 'trend_continuation',
    side: 'BUY',
    grade: 'A',
    effective_grade: 'A',
    inputs: { price: {}, volatility: {}, equity: {}, system: {}, risk: {} },
    checks: [],
    calculation: '',
    order: {
      venue: on.venue,
      symbol: SYMBOL,
      side: 'BUY',
      quantity,
      entry_price: entry,
      stop_price_abs: stop,
      target_price_abs: target,
      risk_amount: dec(entry).minus(stop).times(quantity).toString(),
      notional: dec(entry).times(quantity).toString(),
      leverage: 0.1,
      expires_at: Date.now() + 60_000,
    },
  })
}

/** The venue's own word, by its books and not by its wire. */
const walletAtVenue = (): string =>
  market.venue.exchange.balance('main')?.walletBalance ?? 'no account'
const openAtVenue = (): string[] => {
  const { exchange } = market.venue
  return [
    ...exchange.openOrders('main', SYMBOL).map(({ type }) => type),
    ...exchange.openConditionals('main', SYMBOL).map(({ type }) => type),
  ].toSorted()
}

const flatten = async (id: string): Promise<void> =>
  await risk.say('risk.flatten.requested', `flatten-${id}`, {
    account: 'paper',
    at: Date.now(),
    reason: 'a test',
  })

const closedTrades = () => told('execution.trade.closed').map(({ payload }) => payload)

beforeAll(async () => {
  market = await startLiveMarket()
  collector = await startTraceCollector()
  const yaml = readFileSync(join(REPOSITORY, 'config', 'tapedeck.yaml'), 'utf8')
  writeFileSync(configPath, yaml.replace(/^execution:$/m, 'execution:\n  venue: binance-usdm'))
  stack = await startStack({
    dataDir,
    port: 0,
    host: '127.0.0.1',
    split: false,
    only: ['orderflow', 'reconciler', 'journal'],
    configPath,
    logLevel: 'info',
    useEnvironment: false,
    durable: false,
    ingest: {
      TAPEDECK_SOURCE: 'live',
      TAPEDECK_SOURCE_SYMBOL: SYMBOL,
      TAPEDECK_BINANCE_REST_URL: market.restUrl,
      TAPEDECK_BINANCE_STREAM_URL: market.streamUrl,
    },
    onProgress: () => {},
    onEvent: () => {},
  })
  unwatch = await watchTape(stack, ({ bytes }) => {
    const decoded = decode(bytes)
    if (decoded.ok) tape.push(decoded.envelope as Message)
  })
  execution = new ExecutionProcess(stack, dataDir, {
    TAPEDECK_CONFIG: configPath,
    BINANCE_NETWORK: 'custom',
    BINANCE_REST_URL: market.restUrl,
    BINANCE_STREAM_URL: market.streamUrl,
    BINANCE_API_KEY: KEYS.apiKey,
    BINANCE_API_SECRET: KEYS.secret,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
  })
  execution.start()
  const { run_id } = await until(() => told('market.run.started')[0])
  risk = await RiskVoice.of(stack, run_id)
}, START_MS_MAX)

afterAll(async () => {
  await execution?.end('SIGTERM')
  await risk?.close()
  await unwatch?.()
  await stack?.stop()
  await market?.stop()
  await collector?.stop()
  removeTestFolder(dataDir)
}, START_MS_MAX)

describe('the stack on a live venue', () => {
  it(
    'reconciles, and takes the wallet from the venue',
    async () => {
      await until(() => told('reconciler.run.completed').find(({ payload }) => payload.clean))
      await risk.say('risk.trading_state.changed', 'paper', {
        account: 'paper',
        at: Date.now(),
        state: 'ACTIVE',
        previous: 'HALTED',
        reason: 'a test',
        by: 'test',
      })
      const account = await until(() => told('execution.account.updated').at(-1))
      expect(account.payload).toMatchObject({ wallet_balance: '10000', open_positions: 0 })
    },
    START_MS_MAX,
  )

  it(
    'trades an approval through REST: entry, stop and target acknowledged, exit',
    async () => {
      await approve('one', '0.05')
      await until(() => told('execution.trade.protected')[0])
      await until(() => orders('execution.order.accepted', 'TARGET')[0])
      expect(openAtVenue()).toEqual(['STOP_MARKET', 'TAKE_PROFIT_MARKET'])
      await flatten('first')
      const closed = await until(() => closedTrades()[0])
      expect(closed).toMatchObject({ exit_reason: 'FLATTEN' })
      expect(openAtVenue()).toEqual([])
    },
    START_MS_MAX,
  )

  it(
    'goes on after kill -9 between an intent and its answer, and sends nothing twice',
    async () => {
      await approve('two', '0.04')
      await until(() => orders('execution.order.submitted', 'ENTRY')[1])
      await execution.end('SIGKILL')
      execution.start()
      await until(
        () =>
          told('execution.trade.protected')[1] ??
          // A machine that takes longer than the bound to come back leaves the position at the market.
          closedTrades()[1] ??
          told('execution.trade.abandoned').find(
            ({ payload }) => payload.trade.setup_id === 'setup-two',
          ),
      )
      if (told('execution.trade.protected').length > 1) await flatten('second')
      await until(() => closedTrades()[1] ?? told('execution.trade.abandoned')[0])
      expect(openAtVenue()).toEqual([])
      const sent = [...orders('execution.order.submitted', 'ENTRY')].map(
        ({ payload }) => payload.order.client_order_id,
      )
      expect(new Set(sent).size).toBe(sent.length)
    },
    START_MS_MAX,
  )

  it(
    'has the venue’s ledger, to the last digit',
    async () => {
      const account = await until(() => told('execution.account.updated').at(-1))
      const wallet = dec(walletAtVenue())
      expect(account.payload.wallet_balance).toBe(wallet.toString())
      const net = closedTrades().reduce((sum, one) => sum.plus(one.net_pnl), dec(0))
      expect(dec('10000').plus(net).toString()).toBe(wallet.toString())
      expect(told('journal.difference.detected')).toEqual([])
    },
    START_MS_MAX,
  )

  it(
    'is a function of its tape: what execution said follows from what it read',
    async () => {
      await execution.end('SIGTERM')
      await sleep(500)
      const { execution: config } = loadTradingConfig(configPath)
      let decider = createExecutionDecider({ execution: config })
      const reads: ReadonlySet<string> = new Set([...READS.execution, 'market.run.started'])
      const again: string[] = []
      for (const message of tape) {
        if (!reads.has(message.type)) continue
        for (const { type, aggregate_id, payload } of decider.handle(message))
          again.push(JSON.stringify([type, aggregate_id, payload]))
        decider = createExecutionDecider(
          { execution: config },
          JSON.parse(JSON.stringify(decider.snapshot())) as Json,
        )
      }
      const recorded = tape.flatMap((one) =>
        one.producer.service === 'execution' && !isType(one, 'execution.venue.reported')
          ? [JSON.stringify([one.type, one.aggregate_id, one.payload])]
          : [],
      )
      expect(recorded.length).toBeGreaterThan(20)
      expect(again.slice(0, recorded.length)).toEqual(recorded)
    },
    START_MS_MAX,
  )

  it('shows its keys in no log, no envelope and no trace', () => {
    const traces = collector.text()
    // Something was traced, or its search would say nothing.
    expect(traces).toContain('"spans"')
    const envelopes = tape.map((one) => Buffer.from(encode(one)).toString('utf8')).join('\n')
    expect(envelopes).toContain('execution.venue.reported')
    for (const text of [readFileSync(execution.logFile, 'utf8'), envelopes, traces]) {
      expect(text).not.toContain(KEYS.apiKey)
      expect(text).not.toContain(KEYS.secret)
      expect(text).not.toMatch(/signature=[0-9a-f]{64}/)
      expect(text).not.toMatch(/"listenKey":"(?!\[)/)
    }
  })
})
