import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type MarketEvent, dec, sum } from '@tapedeck/core'
import { testTrading } from '@tapedeck/test-data'
import { type ArchiveRun, listArchiveRuns } from '../archive/index.ts'
import { type Placed, writeArchive } from '../archive/write-archive.fixture.ts'
import { tapeOfEvents } from '../tape/index.ts'
import { INSTRUMENT, inMembers, record, tradedMarket } from '../verify/recorded-session.fixture.ts'
import { PARTS, type ParityOptions, type ParityReport, compareSessions } from './index.ts'

const RUN = '00000000-0000-5000-8000-000000000003'
const folder = mkdtempSync(join(tmpdir(), 'tapedeck-parity-'))
afterAll(() => rmSync(folder, { recursive: true }))

let events: readonly MarketEvent[]
let recorded: ArchiveRun
let archives = 0
const archived = (tape: readonly Placed[]): ArchiveRun => {
  const archive = join(folder, String(++archives))
  writeArchive(archive, RUN, [inMembers(tape)], testTrading())
  return listArchiveRuns(archive)[0]!
}
beforeAll(() => {
  events = tradedMarket()
  recorded = archived(record(events, { runId: RUN }))
}, 300_000)

const gapOf = (one: Pick<ParityReport, 'gap' | 'parts'>): void =>
  expect(sum(PARTS.map((part) => one.parts[part])).toString()).toBe(dec(one.gap).toString())

/** Whatever the report says, its parts have to add up, exactly. */
const compare = async (options: Partial<ParityOptions> = {}): Promise<ParityReport> => {
  const report = await compareSessions({ run: recorded, trading: testTrading(), ...options })
  gapOf(report)
  for (const trade of report.trades) gapOf(trade)
  expect(sum(report.trades.map(({ gap }) => gap)).toString()).toBe(dec(report.gap).toString())
  expect(dec(report.recorded.net_pnl).minus(report.backtest.net_pnl).toString()).toBe(
    dec(report.gap).toString(),
  )
  return report
}

const partsIn = ({ parts }: Pick<ParityReport, 'parts'>): string[] =>
  PARTS.filter((part) => parts[part] !== '0')

describe('a recorded session against its backtest', () => {
  it('is the same: gap exactly 0, every trade matched', async () => {
    const report = await compare()
    expect(report).toMatchObject({ gap: '0', absolute_gap: '0', data: [], commands: [] })
    expect(report.recorded).toEqual(report.backtest)
    expect(report.trades.length).toBeGreaterThan(1)
    expect(
      report.trades.every(({ matched, reasons }) => matched === 'signal' && reasons.length === 0),
    ).toBe(true)
  })

  it('a session that is not in the run has nothing', async () => {
    expect(await compare({ session: '2026-01-06' })).toMatchObject({ trades: [], gap: '0' })
  })

  it('other fees: fees alone', async () => {
    const trading = testTrading({
      execution: { fees: { maker_percent: 0.01, taker_percent: 0.05 } },
    })
    const report = await compare({ trading })
    expect(report.gap).not.toBe('0')
    expect(partsIn(report)).toEqual(['fee'])
    expect(report.trades[0]!.reasons[0]).toContain('fees')
  })

  it('other latency: the same orders at other moments', async () => {
    const trading = testTrading({ execution: { fill_model: { latency_ms: 900 } } })
    const report = await compare({ trading })
    expect(partsIn(report)).toContain('timing')
    expect(partsIn(report)).not.toContain('data')
  })

  it('another size: another order', async () => {
    const report = await compare({ trading: testTrading({ risk: { base_risk_percent: 0.1 } }) })
    expect(partsIn(report)).toContain('signal')
    expect(report.trades.flatMap(({ reasons }) => reasons).join()).toContain('planned_quantity')
  })

  it('signals that the backtest never gave: which, and what it saw instead', async () => {
    const trading = testTrading({
      order_flow: {
        absorption: { min_trades: 1_000 },
        aggression: { min_ratio: 1, volume_percentile: 99 },
      },
    })
    const report = await compare({ trading })
    const lost = report.trades.filter(({ backtest }) => backtest.outcome === 'no_signal')
    expect(lost.length).toBeGreaterThan(0)
    for (const { parts, gap, reasons } of lost) {
      expect(parts.signal).toBe(gap)
      expect(reasons.join()).toMatch(/features: |no setup|not signalled/)
    }
  })

  it('a hole in what the backtest reads: data, with its place', async () => {
    const { entered_at, closed_at } = (await compare()).trades[0]!.recorded
    const isLost = (event: MarketEvent): boolean =>
      event.kind === 'trade' && event.time > entered_at! && event.time < closed_at! - 1
    const tape = tapeOfEvents(
      [INSTRUMENT],
      events.filter((event) => !isLost(event)),
    )
    const report = await compare({ tape })
    expect(report.gap).not.toBe('0')
    expect(partsIn(report)).toContain('data')
    expect(report.data[0]!.from).toBeLessThanOrEqual(entered_at!)
    expect(report.data[0]!.recorded_prints).toBeGreaterThan(report.data[0]!.backtest_prints)
  })

  it('an operator who halted: denied there, with the check and the command', async () => {
    const { at, signal_id } = (await compare()).trades[0]!
    let halted = false
    const run = archived(
      record(events, {
        runId: RUN,
        before: (event, play) => {
          if (halted || !('time' in event) || event.time === null || event.time < at - 5_000) return
          halted = true
          play.brain.command(
            {
              account: 'paper',
              command_id: 'halt-1',
              command: 'halt',
              reason: 'lunch',
              by: 'test',
              limits: null,
              breaker: null,
            },
            event.time,
          )
        },
      }),
    )
    const report = await compare({ run })
    const first = report.trades.find((trade) => trade.signal_id === signal_id)!
    expect(first).toMatchObject({
      recorded: { outcome: 'denied', why: expect.stringContaining('TRADING_HALTED') },
      backtest: { outcome: 'closed' },
    })
    expect(first.parts.signal).toBe(first.gap)
    expect(report.commands).toEqual([{ at: expect.any(Number), what: 'halt by test: lunch' }])
  })
})
