import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Message, type OrderRole, decode, isType } from '@tapedeck/contracts'
import { dec } from '@tapedeck/core'
import { REPOSITORY } from '@tapedeck/dev'
import { type Stack, startStack } from '@tapedeck/stack'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'
import { testApproval } from '@tapedeck/test-data'
import { ExecutionProcess } from './execution-process.ts'
import { KEYS, type LiveMarket, SYMBOL, startLiveMarket } from './live-market.ts'
import { RiskVoice } from './play-risk.ts'
import { watchTape } from './watch-tape.ts'

const UNTIL_MS_MAX = 300_000
const ACCOUNT = 'paper'
const on = { account: ACCOUNT, venue: 'binance-usdm', symbol: SYMBOL }

/** What an approval asks for: prices by what the market asks now. */
export interface Idea {
  readonly quantity: string
  readonly entry?: string
  readonly stop?: string
  readonly target?: string
}

/**
 * A stack that trades on a venue on localhost: ingest, order flow, reconciler and journal, with execution in
 * processes of their own and a test for risk. Everything that is on its tape is here too.
 */
export class LiveSession {
  readonly dataDir: string
  readonly configPath: string
  readonly market: LiveMarket
  readonly stack: Stack
  readonly tape: readonly Message[]
  readonly risk: RiskVoice
  readonly #unwatch: () => Promise<void>
  readonly #executions: readonly ExecutionProcess[]
  #isStopped = false

  private constructor(
    parts: Pick<LiveSession, 'dataDir' | 'configPath' | 'market' | 'stack' | 'tape' | 'risk'>,
    executions: readonly ExecutionProcess[],
    unwatch: () => Promise<void>,
  ) {
    ;({
      dataDir: this.dataDir,
      configPath: this.configPath,
      market: this.market,
      stack: this.stack,
      tape: this.tape,
      risk: this.risk,
    } = parts)
    this.#executions = executions
    this.#unwatch = unwatch
  }

  /**
   * `settings`: lines of the section `execution`, by key, in place of those of the file. `make`: the execution
   * processes, of which the first is started.
   */
  static async start(
    name: string,
    settings: Readonly<Record<string, string>>,
    make: (
      process: (folder: string, more?: Readonly<Record<string, string>>) => ExecutionProcess,
    ) => void,
    environment: Readonly<Record<string, string>> = {},
    account: Parameters<typeof startLiveMarket>[0] = {},
  ): Promise<LiveSession> {
    const dataDir = makeTestFolder(name)
    const configPath = join(dataDir, 'live.yaml')
    const market = await startLiveMarket(account)
    writeFileSync(configPath, configWith(settings))
    const stack = await startStack({
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
    const tape: Message[] = []
    const unwatch = await watchTape(stack, ({ bytes }) => {
      const decoded = decode(bytes)
      if (decoded.ok) tape.push(decoded.envelope as Message)
    })
    const executions: ExecutionProcess[] = []
    make((log, more = {}) => {
      const one = new ExecutionProcess(
        stack,
        dataDir,
        {
          TAPEDECK_CONFIG: configPath,
          BINANCE_NETWORK: 'custom',
          BINANCE_REST_URL: market.restUrl,
          BINANCE_STREAM_URL: market.streamUrl,
          BINANCE_API_KEY: KEYS.apiKey,
          BINANCE_API_SECRET: KEYS.secret,
          ...environment,
          ...more,
        },
        log,
      )
      executions.push(one)
      return one
    })
    executions[0]?.start()
    const started = await waitFor(() => tape.find((one) => isType(one, 'market.run.started')), tape)
    const risk = await RiskVoice.of(stack, started.run_id)
    const parts = { dataDir, configPath, market, stack, tape, risk }
    return new LiveSession(parts, executions, unwatch)
  }

  async until<T>(look: () => T | undefined | null | false): Promise<T> {
    return await waitFor(look, this.tape)
  }

  told<T extends Message['type']>(type: T): Message<T>[] {
    return this.tape.filter((one) => isType(one, type))
  }

  orders(
    type: 'execution.order.submitted' | 'execution.order.accepted',
    role: OrderRole,
  ): Message<typeof type>[] {
    return this.told(type).filter(({ payload }) => payload.order.role === role)
  }

  closedTrades(): Message<'execution.trade.closed'>['payload'][] {
    return this.told('execution.trade.closed').map(({ payload }) => payload)
  }

  /** Waits until the books agree, and lets trade. */
  async activate(): Promise<void> {
    await this.until(() =>
      this.told('reconciler.run.completed').find(({ payload }) => payload.clean),
    )
    await this.risk.say('risk.trading_state.changed', ACCOUNT, {
      account: ACCOUNT,
      at: Date.now(),
      state: 'ACTIVE',
      previous: 'HALTED',
      reason: 'a test',
      by: 'test',
    })
  }

  async approve(
    id: string,
    { quantity, entry = '1.003', stop = '0.97', target = '1.03' }: Idea,
  ): Promise<void> {
    const url = `${this.market.restUrl}/fapi/v1/ticker/bookTicker?symbol=${SYMBOL}`
    const { askPrice } = (await (await fetch(url)).json()) as { askPrice: string }
    const tick = (factor: string): string =>
      dec(askPrice).times(factor).toDecimalPlaces(1).toString()
    const [entryPrice, stopPrice] = [tick(entry), tick(stop)]
    const at = Date.now()
    const order = {
      quantity,
      entry_price: entryPrice,
      stop_price_abs: stopPrice,
      target_price_abs: tick(target),
      risk_amount: dec(entryPrice).minus(stopPrice).times(quantity).toString(),
      notional: dec(entryPrice).times(quantity).toString(),
      leverage: 0.1,
      // Longer than any machine takes from here to the venue.
      expires_at: at + 600_000,
    }
    const approval = testApproval({ ...on, at, id, side: 'BUY', order })
    await this.risk.say('risk.signal.approved', `decision-${id}`, approval)
  }

  async flatten(id: string): Promise<void> {
    await this.risk.say('risk.flatten.requested', `flatten-${id}`, {
      account: ACCOUNT,
      at: Date.now(),
      reason: 'a test',
    })
  }

  /** The venue's own word, by its books and not by its wire. */
  walletAtVenue(): string {
    return this.market.venue.exchange.balance('main')?.walletBalance ?? 'no account'
  }

  /** Until our books have of the wallet what the venue has, to the last digit. */
  async untilWalletsAgree(): Promise<void> {
    await this.until(
      () =>
        this.told('execution.account.updated').at(-1)?.payload.wallet_balance ===
        dec(this.walletAtVenue()).toString(),
    )
  }

  /** Types of the orders that rest there. */
  openAtVenue(): string[] {
    const { exchange } = this.market.venue
    return [
      ...exchange.openOrders('main', SYMBOL).map(({ type }) => type),
      ...exchange.openConditionals('main', SYMBOL).map(({ type }) => type),
    ].toSorted()
  }

  /** Client ids of all orders that ever were there; one twice when there were two of it. */
  idsAtVenue(): string[] {
    const { exchange } = this.market.venue
    const plain = exchange.ordersOf('main', SYMBOL).filter(({ algoId }) => algoId === null)
    return [
      ...plain.map(({ clientOrderId }) => clientOrderId),
      ...exchange.conditionalsOf('main', SYMBOL).map(({ clientAlgoId }) => clientAlgoId),
    ]
  }

  /** Ends what trades and what records; what was recorded stays until `remove`. */
  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    for (const one of this.#executions) await one.end('SIGTERM')
    await this.risk.close()
    await this.#unwatch()
    await this.stack.stop()
    await this.market.stop()
  }

  remove(): void {
    removeTestFolder(this.dataDir)
  }
}

const configWith = (settings: Readonly<Record<string, string>>): string => {
  const yaml = readFileSync(join(REPOSITORY, 'config', 'tapedeck.yaml'), 'utf8')
  const live = yaml.replace(/^execution:$/m, 'execution:\n  venue: binance-usdm')
  return Object.entries(settings).reduce((text, [key, value]) => {
    const line = new RegExp(`^  ${key}: .*$`, 'm')
    const without = text.replace(line, '')
    return without.replace(/^execution:$/m, `execution:\n  ${key}: ${value}`)
  }, live)
}

/** Ends before its test does: a wait that goes on would keep the process. By the clock: looks take time too. */
const waitFor = async <T>(
  look: () => T | undefined | null | false,
  tape: readonly Message[],
): Promise<T> => {
  const deadline = performance.now() + UNTIL_MS_MAX
  while (performance.now() < deadline) {
    const found = look()
    if (found !== undefined && found !== null && found !== false) return found
    await sleep(20)
  }
  const last = tape
    .filter(({ type }) => !/^(market|orderflow)\./.test(type))
    .slice(-30)
    .map(({ type, payload }) => `${type} ${JSON.stringify(payload)}`)
  throw new Error(`what was waited for did not come; the end of the tape:\n${last.join('\n')}`)
}
