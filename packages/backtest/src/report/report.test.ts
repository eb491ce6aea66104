import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hasCode, TradingConfig } from '@tapedeck/contracts'
import { Random, type ClosedTrade, type MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { marketOfEvents, marketOfTapes } from '../engine/index.ts'
import type { BacktestResult } from '../result/backtest-result.ts'
import { tapeOfEvents } from '../tape/index.ts'
import { buildReport, collectContext, parseContext, renderReport, writeReport } from './index.ts'

const START = Date.UTC(2026, 0, 5, 8)
const MINUTE = 60_000
const instrument = testInstrument({ venue: 'generated' })
const trading = TradingConfig.parse({
  instruments: [
    {
      ...instrument,
      profile_bin_ticks: 100,
      min_absorption_volume: 5,
      footprint_imbalance_floor: 1,
    },
  ],
})

const tradeOf = (index: number, changes: Partial<ClosedTrade> = {}): ClosedTrade => {
  const net = index % 3 === 0 ? 20 : -8
  return {
    trade_id: `t${index}`,
    symbol: 'BTCUSDT',
    strategy: 'trend_continuation',
    side: index % 2 === 0 ? 'LONG' : 'SHORT',
    grade: 'A',
    exit_reason: net > 0 ? 'TARGET' : 'STOP',
    session: '2026-01-05',
    entered_at: START + (20 + index * 30) * MINUTE + 12_345,
    exited_at: START + (25 + index * 30) * MINUTE,
    quantity: 0.2,
    entry_price: 60_000,
    exit_price: 60_100,
    fees: 2,
    funding: 0,
    net_pnl: net,
    r: net / 10,
    mae_r: -0.4,
    mfe_r: 1.1,
    ...changes,
  }
}

const resultOf = (count: number, changes: Partial<BacktestResult> = {}): BacktestResult => {
  const trades = Array.from({ length: count }, (_, index) => tradeOf(index))
  let equity = 10_000
  return {
    run_id: 'run-1',
    strategy: 'order_flow',
    symbols: ['BTCUSDT'],
    from: START,
    to: START + 20 * 24 * 60 * MINUTE,
    starting_balance: 10_000,
    trades,
    equity: [
      { at: START, equity },
      ...trades.map(({ exited_at, net_pnl }) => ({ at: exited_at, equity: (equity += net_pnl) })),
    ],
    counts: { 'denied.GRADE': 3 },
    provenance: { code: '1.2.3', config: 'abc', tape: 'def' },
    limits: [{ code: 'NO_BOOK', about: 'Fills are guessed from prints.' }],
    gaps: [],
    stopped: null,
    ...changes,
  }
}

/** A print a second that walks, with the side of each from a seed. */
const prints = (minutes: number): MarketEvent[] => {
  const random = new Random(5)
  let ticks = 600_000
  return Array.from({ length: minutes * 60 }, (_, index) => {
    ticks += random.integer(-20, 20)
    return {
      kind: 'trade',
      symbol: 'BTCUSDT',
      id: index + 1,
      priceTicks: ticks,
      quantityLots: random.integer(1, 5000),
      time: START + index * 1000 + random.integer(0, 900),
      maker: random.chance(0.5) ? 1 : 0,
      excluded: false,
    }
  })
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** A browser takes what is not closed; here everything has to be, SVG and HTML alike. */
/** What a reader sees; the page's own program and style may say `undefined`. */
const shown = (page: string): string => page.replaceAll(/<(style|script)>.*?<\/\1>/gs, '')

/** The first sign of a figure that was not looked at before it was written. */
const unwritten = (page: string): string | null =>
  /.{0,60}(?:NaN|undefined|Infinity|\[object).{0,20}/.exec(shown(page))?.[0] ?? null

const unclosed = (page: string): string[] => {
  const VOID = new Set(['meta', 'br', '!doctype'])
  const open: string[] = []
  for (const [, slash, name, closed] of shown(page).matchAll(/<(\/?)([\w!]+)[^>]*?(\/?)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) return [`</${name}>`]
    } else if (closed !== '/' && !VOID.has(name!)) open.push(name!)
  }
  return open
}

describe('a report', () => {
  it('is the same for the same result, whole, and loads nothing', () => {
    const result = resultOf(40)
    const page = renderReport(buildReport(result), result, null)
    expect(renderReport(buildReport(result), result, null) === page).toBe(true)
    expect(unclosed(page)).toEqual([])
    expect(unwritten(page)).toBeNull()
    expect(/(src|href)="(?!#)|url\(|@import|https?:/.exec(page)).toBeNull()
    const [, script] = /<script>(.*?)<\/script>/s.exec(page)!
    const hash = createHash('sha256').update(script!).digest('base64')
    expect(
      page.includes(`default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`),
    ).toBe(true)
    expect(page.includes('Fills are guessed from prints.')).toBe(true)
  })

  it.each([
    ['no trade', resultOf(0)],
    ['one trade', resultOf(1)],
    ['an empty curve', resultOf(0, { equity: [] })],
    ['no time', resultOf(0, { equity: [], to: START })],
    [
      'a lost account',
      resultOf(4, {
        starting_balance: 5,
        equity: [
          { at: START, equity: 5 },
          { at: START + 1, equity: -3 },
        ],
      }),
    ],
    [
      'no R',
      resultOf(30, { trades: [tradeOf(1, { r: null, mae_r: null, mfe_r: null, grade: null })] }),
    ],
    ['a stop', resultOf(2, { stopped: { at: START, reason: 'damaged' } })],
    [
      'equal results',
      resultOf(30, {
        trades: Array.from({ length: 30 }, (_, i) => tradeOf(i, { net_pnl: 1, r: 1 })),
      }),
    ],
    ['years', resultOf(3, { to: START + 1500 * 24 * 60 * MINUTE })],
  ])('stays whole with %s', (_, result) => {
    const page = renderReport(buildReport(result, { resamples: 100 }), result, null)
    expect(unclosed(page)).toEqual([])
    expect(unwritten(page)).toBeNull()
  })

  it('escapes whatever stands in data', () => {
    const evil = '<script>alert(1)</script>"\'&\u0000'
    const result = resultOf(1, {
      strategy: evil,
      symbols: [evil],
      counts: { [evil]: 1 },
      provenance: { [evil]: evil },
      limits: [{ code: evil, about: evil }],
      gaps: [{ symbol: evil, from: 0, to: 1, what: evil }],
      stopped: { at: START, reason: evil },
      trades: [
        tradeOf(1, {
          trade_id: evil,
          symbol: evil,
          strategy: evil,
          grade: evil,
          exit_reason: evil,
          session: evil,
        }),
      ],
    })
    const page = renderReport(buildReport(result), result, null)
    expect(page.match(/<script>/g)).toHaveLength(1)
    expect(page.includes('alert(1)</script>"')).toBe(false)
    expect(page.includes('\u0000')).toBe(false)
    expect(unclosed(page)).toEqual([])
  })

  it('has intervals around its figures, and Monte Carlo from the seed', () => {
    const DAY = 24 * 60 * MINUTE
    const curve = resultOf(60).equity.map(({ equity }, index) => ({
      at: START + index * DAY,
      equity,
    }))
    const daily = resultOf(60, { equity: curve, to: START + 61 * DAY })
    const report = buildReport(daily, { seed: 9 })
    const { expectancy_r, win_rate, sharpe } = report.intervals
    expect(expectancy_r!.estimate).toBeCloseTo(report.performance.trades.expectancy_r!, 12)
    expect(win_rate!.low!).toBeLessThan(20 / 60)
    expect(win_rate!.high!).toBeGreaterThan(20 / 60)
    expect(sharpe!.estimate).toBeCloseTo(report.performance.returns.sharpe!, 12)
    expect(report.monte_carlo.shuffle!.final_equity.p50).toBeCloseTo(
      1 + (20 * 20 - 40 * 8) / 10_000,
      3,
    )
    expect(buildReport(daily, { seed: 9 })).toEqual(report)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  it('is written as a whole, and never over another without being told', async () => {
    const written = await writeReport(resultOf(3), folder)
    expect((await readdir(folder)).toSorted()).toEqual(['metrics.json', 'report.html'])
    const metrics: unknown = JSON.parse(await readFile(written.metrics, 'utf8'))
    expect(metrics).toEqual(written.report)
    const again = await writeReport(resultOf(4), folder).catch((error: unknown) => error)
    expect(hasCode(again, 'OUTPUT_EXISTS')).toBe(true)
    expect(JSON.parse(await readFile(written.metrics, 'utf8'))).toEqual(metrics)
    await writeReport(resultOf(4), folder, { force: true })
    expect(await readFile(written.metrics, 'utf8')).toContain('"trades": 4')
  })
})

describe('the market around trades', () => {
  const events = prints(90)
  const { trades } = resultOf(3)

  it('is the same from a tape, trade by trade, and from a recording, at once', async () => {
    const tape = marketOfTapes([tapeOfEvents([instrument], events)])
    const recording = marketOfEvents({
      instruments: [instrument],
      fingerprint: 'f',
      label: 'l',
      events: async function* () {
        yield events
      },
    })
    const context = await collectContext(tape, trading, trades)
    expect(await collectContext(recording, trading, trades)).toEqual(context)
    expect(parseContext(JSON.stringify(context), 'context.json')).toEqual(context)
    expect(context.chosen).toBeNull()
    const [first] = context.trades
    expect(first!.bars.map(({ open_time }) => (open_time - START) / MINUTE)).toEqual(
      Array.from({ length: 30 }, (_, index) => 5 + index),
    )
    expect(first!.footprints.map(({ open_time }) => (open_time - START) / MINUTE)).toEqual([
      17, 18, 19, 20, 21, 22, 23,
    ])
    // The volume of a footprint is the volume of its bar.
    for (const { open_time, volume, delta } of first!.footprints) {
      const bar = first!.bars.find((one) => one.open_time === open_time)!
      expect(Number(volume)).toBeCloseTo(bar.volume, 9)
      expect(Number(delta)).toBeCloseTo(bar.delta, 9)
    }
  })

  it('is drawn with a picture for each trade that has one', async () => {
    const tape = marketOfTapes([tapeOfEvents([instrument], events)])
    const context = await collectContext(tape, trading, trades, 2)
    expect(context.chosen).toMatch(/^2 of 3 trades/)
    const result = resultOf(3)
    const page = renderReport(buildReport(result), result, context)
    expect(page.match(/<details /g)).toHaveLength(2)
    expect(page.match(/class="chart footprint"/g)).toHaveLength(2)
    expect(unclosed(page)).toEqual([])
    expect(unwritten(page)).toBeNull()
  })
})
