import { Random } from '@tapedeck/core'

/** Prints as columns: what a tape looks like in memory. Times in ms since the epoch, in rising order. */
export interface TradeColumns {
  readonly count: number
  readonly firstId: number
  readonly priceTicks: Int32Array
  readonly quantityLots: Int32Array
  readonly time: Float64Array
  readonly maker: Uint8Array
}

const START = Date.UTC(2026, 0, 5, 8)
const PRICE_TICKS = 600_000
const WAVE_MS = 240_000

/**
 * A seeded stream: a walk with bursts and lulls whose rate swings between a quarter and twice the mean,
 * and whose aggressors lean to one side for minutes at a time. Made to load the brain, not to be traded.
 */
export const syntheticTrades = (
  count: number,
  tradesPerSecond: number,
  seed: number,
): TradeColumns => {
  const random = new Random(seed)
  const columns = {
    count,
    firstId: 1,
    priceTicks: new Int32Array(count),
    quantityLots: new Int32Array(count),
    time: new Float64Array(count),
    maker: new Uint8Array(count),
  }
  let time = START
  let price = PRICE_TICKS
  for (let i = 0; i < count; i++) {
    const phase = (2 * Math.PI * (time - START)) / WAVE_MS
    const rate = tradesPerSecond * (1 + 0.8 * Math.sin(phase))
    time += (1000 / Math.max(rate, tradesPerSecond / 4)) * 2 * random.next()
    const sells = random.next() < 0.5 + 0.2 * Math.sin(phase / 3)
    if (random.next() < 0.35) price += (sells ? -1 : 1) * (1 + Math.floor(3 * random.next()))
    if (random.next() < 0.02) price += PRICE_TICKS > price ? 2 : -2
    columns.priceTicks[i] = price
    columns.quantityLots[i] = 1 + Math.floor(900 * random.next() ** 3)
    columns.time[i] = Math.floor(time)
    columns.maker[i] = sells ? 1 : 0
  }
  return columns
}
