import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import {
  BUILT_IN_STRATEGIES,
  decimalToSteps,
  parseStep,
  recomputeTurtleEvent,
  type TurtleEvent,
} from '@tapedeck/core'
import { BarColumns, type BarSeries } from './bar-series.ts'
import { NO_COSTS, instrumentOf } from './bars.fixture.ts'
import { runBarBacktest } from './run-bar-backtest.ts'

/** Published trades of the turtle on BTCUSDT; lies beside the checkout, never in it. */
const FOLDER = join(import.meta.dirname, '../../../../../shared/data/turtle-reference')
const present = existsSync(FOLDER)
const TICK = '0.005'
const tick = parseStep(TICK)

const rowsOf = (file: string): string[][] => {
  const bytes = readFileSync(join(FOLDER, file))
  const text = file.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
}

const timeOf = (text: string): number => {
  const [day, hour = '00:00:00'] = text.split(' ')
  return Date.parse(`${day!.slice(0, 10)}T${hour.slice(0, 8)}Z`)
}

const seriesOf = (file: string, timeframe: '1d' | '1h'): BarSeries => {
  // Half a cent: the published fills lie halfway between open and close.
  const instrument = instrumentOf('BTCUSDT', {
    tick_size: TICK,
    lot_size: '0.0001',
    min_quantity: '0.0001',
    max_leverage: 1,
  })
  const columns = new BarColumns(instrument, timeframe)
  for (const [at, open, high, low, close, volume] of rowsOf(file)) {
    const [o, h, l, c] = [open, high, low, close].map((price) => decimalToSteps(price!, tick)!)
    columns.push(
      { openTime: timeOf(at!), open: o!, high: h!, low: l!, close: c! },
      Math.round(Number(volume) * 10_000),
    )
  }
  return columns.finish(timeframe === '1d' ? 'open' : 'close')
}

const OPTIONS = {
  n_seed: 'published',
  s1_filter: false,
  systems: 's1',
  direction: 'long',
  scan: 'every_bar',
  stops: 'monitor',
  sizing: 'all_capital',
  allocation_percent: 99.9,
  rounding: 'nearest',
  today: 'foreseen',
  record_all: false,
}
const HOUR_ROW = 504

;(present ? describe : describe.skip)('published turtle trades (skipped without ../shared)', () => {
  it('all 13 come out, to the last digit', async () => {
    const hours = seriesOf('BTCUSDT_1hour_ticks.csv.gz', '1h')
    const events: TurtleEvent[] = []
    const { trades, limits, stopped } = await runBarBacktest({
      bars: {
        series: [hours, seriesOf('BTCUSDT_1day_ticks.csv.gz', '1d')],
        fingerprint: 'published',
        damage: null,
      },
      strategy: BUILT_IN_STRATEGIES.find(({ name }) => name === 'turtle')!,
      params: OPTIONS,
      costs: { ...NO_COSTS, makerFeePercent: 0.1, takerFeePercent: 0.1 },
      startingBalance: 1_000,
      from: hours.openTime[HOUR_ROW]!,
      path: 'mid',
      onEvent: (event) => events.push(event as unknown as TurtleEvent),
    })
    expect(stopped).toBeNull()
    expect(limits.map(({ code }) => code)).toContain('LOOKAHEAD_SERIES')
    const entries = events.filter(({ event_type }) => event_type === 'entry_filled')
    const published = rowsOf('published-trades-BTCUSDT.csv')
    expect(trades).toHaveLength(published.length)
    published.forEach(([, openedAt, open, quantity, stop, closedAt, close, capital], i) => {
      const trade = trades[i]!
      const isLast = i === published.length - 1
      expect(trade.entered_at).toBe(timeOf(openedAt!))
      // The last is closed when the data ends: published at the last row's open, ours at its end.
      expect(trade.exited_at).toBe(timeOf(closedAt!) + (isLast ? 3_600_000 : 0))
      expect(trade.quantity).toBe(Number(quantity))
      // A float's last bit: 11294.025 is published as 11294.025000000001.
      expect(trade.entry_price).toBeCloseTo(Number(open), 9)
      expect(trade.exit_price).toBeCloseTo(Number(close), 9)
      expect(entries[i]!.context['stop']).toMatchObject({
        stop_after: expect.closeTo(Number(stop), 9) as unknown,
      })
      expect(trade.quantity * trade.exit_price * 0.999).toBeCloseTo(Number(capital), 9)
    })
    expect(events.flatMap((event) => recomputeTurtleEvent(event))).toEqual([])
  })
})
