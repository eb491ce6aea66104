import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type ArchiveRun, listArchiveRuns, readArchiveRun, verifyRun } from '@tapedeck/backtest'
import { MESSAGES, READS, encode, isType } from '@tapedeck/contracts'
import { type Json, createExecutionDecider, dec } from '@tapedeck/core'
import { loadTradingConfig } from '@tapedeck/runtime'
import type { ExecutionProcess } from './harness/execution-process.ts'
import { KEYS } from './harness/live-market.ts'
import { LiveSession } from './harness/live-session.ts'
import { rewriteArchive } from './harness/rewrite-archive.ts'
import { type TraceCollector, startTraceCollector } from './harness/trace-collector.ts'

const START_MS_MAX = 600_000

/** Who was there: risk was a test, and setups and reviews were nobody's. */
const HERE: ReadonlySet<string> = new Set([
  'ingest',
  'orderflow',
  'execution',
  'reconciler',
  'journal',
])
const verify = async (run: ArchiveRun) =>
  await verifyRun(run, { counts: ({ type }) => HERE.has(MESSAGES[type].publisher) })

let session: LiveSession
let execution: ExecutionProcess
let collector: TraceCollector

beforeAll(async () => {
  collector = await startTraceCollector()
  session = await LiveSession.start(
    'live-path',
    {},
    (make) => {
      execution = make('execution.log')
    },
    { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint },
  )
}, START_MS_MAX)

afterAll(async () => {
  await session?.stop()
  await collector?.stop()
  session?.remove()
}, START_MS_MAX)

describe('the stack on a live venue', () => {
  it(
    'reconciles, and takes the wallet from the venue',
    async () => {
      await session.activate()
      const account = await session.until(() => session.told('execution.account.updated').at(-1))
      expect(account.payload).toMatchObject({ wallet_balance: '10000', open_positions: 0 })
    },
    START_MS_MAX,
  )

  it(
    'trades an approval through REST: entry, stop and target acknowledged, exit',
    async () => {
      await session.approve('one', { quantity: '0.05' })
      await session.until(() => session.told('execution.trade.protected')[0])
      await session.until(() => session.orders('execution.order.accepted', 'TARGET')[0])
      expect(session.openAtVenue()).toEqual(['STOP_MARKET', 'TAKE_PROFIT_MARKET'])
      await session.flatten('first')
      const closed = await session.until(() => session.closedTrades()[0])
      expect(closed).toMatchObject({ exit_reason: 'FLATTEN' })
      expect(session.openAtVenue()).toEqual([])
    },
    START_MS_MAX,
  )

  it(
    'goes on after kill -9 between an intent and its answer, and sends nothing twice',
    async () => {
      await session.approve('two', { quantity: '0.04' })
      await session.until(() => session.orders('execution.order.submitted', 'ENTRY')[1])
      await execution.end('SIGKILL')
      execution.start()
      await session.until(
        () =>
          session.told('execution.trade.protected')[1] ??
          // A machine that takes longer than the bound to come back leaves the position at the market.
          session.closedTrades()[1] ??
          session
            .told('execution.trade.abandoned')
            .find(({ payload }) => payload.trade.setup_id === 'setup-two'),
      )
      if (session.told('execution.trade.protected').length > 1) await session.flatten('second')
      await session.until(
        () => session.closedTrades()[1] ?? session.told('execution.trade.abandoned')[0],
      )
      expect(session.openAtVenue()).toEqual([])
      const sent = session
        .orders('execution.order.submitted', 'ENTRY')
        .map(({ payload }) => payload.order.client_order_id)
      expect(new Set(sent).size).toBe(sent.length)
    },
    START_MS_MAX,
  )

  it(
    'has the venue’s ledger, to the last digit',
    async () => {
      await session.untilWalletsAgree()
      const wallet = dec(session.walletAtVenue())
      const net = session.closedTrades().reduce((sum, one) => sum.plus(one.net_pnl), dec(0))
      expect(dec('10000').plus(net).toString()).toBe(wallet.toString())
      expect(session.told('journal.difference.detected')).toEqual([])
    },
    START_MS_MAX,
  )

  it(
    'is a function of its tape: what execution said follows from what it read',
    async () => {
      await execution.end('SIGTERM')
      await sleep(500)
      const { execution: config } = loadTradingConfig(session.configPath)
      let decider = createExecutionDecider({ execution: config })
      const reads: ReadonlySet<string> = new Set([...READS.execution, 'market.run.started'])
      const again: string[] = []
      for (const message of session.tape) {
        if (!reads.has(message.type)) continue
        for (const { type, aggregate_id, payload } of decider.handle(message))
          again.push(JSON.stringify([type, aggregate_id, payload]))
        decider = createExecutionDecider(
          { execution: config },
          JSON.parse(JSON.stringify(decider.snapshot())) as Json,
        )
      }
      const recorded = session.tape.flatMap((one) =>
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
    const envelopes = session.tape
      .map((one) => Buffer.from(encode(one)).toString('utf8'))
      .join('\n')
    expect(envelopes).toContain('execution.venue.reported')
    for (const text of [readFileSync(execution.logFile, 'utf8'), envelopes, traces]) {
      expect(text).not.toContain(KEYS.apiKey)
      expect(text).not.toContain(KEYS.secret)
      expect(text).not.toMatch(/signature=[0-9a-f]{64}/)
      expect(text).not.toMatch(/"listenKey":"(?!\[)/)
    }
  })

  it(
    'is verified from its archive: every decision byte for byte, and one that was changed is found',
    async () => {
      await session.stop()
      const run = listArchiveRuns(join(session.dataDir, 'archive'))[0]!
      const report = await verify(run)
      expect(report).toMatchObject({ differences: [], failures: [], damage: [] })
      // The archive ends where the journal stopped, the tape that was watched somewhere beside it.
      const archived: string[] = []
      for await (const { message } of readArchiveRun(run)) archived.push(message.type)
      for (const type of [
        'execution.order.submitted',
        'execution.order.filled',
        'execution.trade.protected',
        'execution.trade.closed',
        'reconciler.run.completed',
        'journal.trade.recorded',
      ] as const) {
        const equal = archived.filter((one) => one === type).length
        expect(equal).toBeGreaterThan(0)
        expect(report.types[type]).toMatchObject({ equal, different: 0 })
      }
      const other = join(session.dataDir, 'changed')
      let stops = 0
      const changed = await rewriteArchive(run, other, (message) => {
        if (isType(message, 'execution.order.submitted') && message.payload.order.role === 'STOP') {
          message.payload.order.stop_price = '1'
          stops += 1
        }
        return message
      })
      const { differences, differences_total } = await verify(changed)
      expect(differences_total).toBe(stops)
      expect(differences[0]).toMatchObject({
        verdict: 'different',
        service: 'execution',
        type: 'execution.order.submitted',
        path: 'payload.order.stop_price',
        recorded: '1',
      })
    },
    START_MS_MAX,
  )
})
