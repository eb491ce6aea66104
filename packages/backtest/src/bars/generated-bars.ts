import { TIMEFRAME_MS, type Instrument, type Timeframe } from '@tapedeck/contracts'
import { Random } from '@tapedeck/core'
import type { BarSeries, BarSet } from './bar-series.ts'

export type GeneratedBarsOptions = {
  readonly seed: number
  readonly symbols: number
  readonly bars: number
  readonly timeframe: Timeframe
  /** Open time of the first bar, ms. */
  readonly from: number
}

/** Ticks of 0.01 around 300. */
const START_TICKS = 30_000
const START_TICKS_MIN = 1_000
/** Typical half range of a minute, as a share of the price. */
const MINUTE_RANGE = 0.0004

const instrumentOf = (index: number): Instrument => ({
  venue: 'generated',
  symbol: `GEN${String(index + 1).padStart(2, '0')}USDT`,
  base_asset: `GEN${index + 1}`,
  quote_asset: 'USDT',
  tick_size: '0.01',
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '5',
  max_leverage: 20,
})

const seriesOf = (options: GeneratedBarsOptions, index: number): BarSeries => {
  const { bars: count, timeframe, from, seed } = options
  const random = new Random(seed * 1_000 + index)
  const lengthMs = TIMEFRAME_MS[timeframe]
  const range = MINUTE_RANGE * Math.sqrt(lengthMs / 60_000)
  const openTime = new Float64Array(count)
  const [open, high, low, close] = Array.from({ length: 4 }, () => new Int32Array(count)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const volume = new Float64Array(count)
  let price = START_TICKS
  let drift = 0
  for (let i = 0; i < count; i++) {
    // A drift that wanders and dies away: trends, so that channels break for a reason.
    drift = drift * 0.999 + (random.next() - 0.5) * 0.01
    const wide = Math.max(1, price * range)
    const move = Math.round((random.next() - 0.5 + drift * 0.04) * 2 * wide)
    const end = Math.max(START_TICKS_MIN, price + move)
    openTime[i] = from + i * lengthMs
    open[i] = price
    close[i] = end
    high[i] = Math.max(price, end) + Math.round(random.next() * wide)
    low[i] = Math.max(1, Math.min(price, end) - Math.round(random.next() * wide))
    volume[i] = 1_000 + random.integer(0, 10_000_000)
    price = end
  }
  const instrument = instrumentOf(index)
  return { instrument, timeframe, count, openTime, open, high, low, close, volume, shown: 'close' }
}

/** Bars made from a seed, for benchmarks and tests: the same options give the same bars on any machine. */
export const generatedBars = (options: GeneratedBarsOptions): BarSet => ({
  series: Array.from({ length: options.symbols }, (_, index) => seriesOf(options, index)),
  fingerprint: `generated|${options.seed}|${options.symbols}|${options.bars}|${options.timeframe}|${options.from}`,
  damage: null,
})
