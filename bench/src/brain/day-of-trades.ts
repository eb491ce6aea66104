import { Random } from '@tapedeck/core'

/** Prints as columns: what a tape looks like in memory. Times in ms since the epoch, in rising order. */
export interface TradeColumns {
  readonly id: Float64Array
  readonly priceTicks: Float64Array
  readonly quantityLots: Float64Array
  readonly time: Float64Array
  readonly maker: Uint8Array
}

export const DAY_MS = 86_400_000
const START = Date.UTC(2026, 0, 5)
const PRICE_TICKS = 600_000
/**
 * Prints of one burst: those of the recordings of BTCUSDT perpetual at about this rate (22 to 26 a second)
 * lie 5.2 to 5.4 to a non-empty 100 ms, and nearly every second has some.
 */
const BURST_MEAN = 4.4
/** A burst lasts this long on average. */
const BURST_MS = 16
const WAVE_MS = 240_000

/** How many bursts an hour has, around 1: quiet at night, busy when London and New York trade. */
const busyness = (time: number): number => {
  const hour = ((time % DAY_MS) / DAY_MS) * 2 * Math.PI
  return 1 - 0.55 * Math.cos(hour - 0.6) + 0.2 * Math.sin(2 * hour)
}

/** How a market of so many prints a day is made. */
interface Shape {
  readonly trades: number
  readonly seed: number
  readonly startTime?: number
}

/**
 * One UTC day of a busy market: `trades` prints in bursts, a random walk of the price, aggressors that lean
 * to one side for minutes at a time. Seeded; made to load the brain as a recorded day does, not to be traded.
 */
export const dayOfTrades = ({ trades, seed, startTime = START }: Shape): TradeColumns => {
  const random = new Random(seed)
  const columns = {
    id: new Float64Array(trades),
    priceTicks: new Float64Array(trades),
    quantityLots: new Float64Array(trades),
    time: new Float64Array(trades),
    maker: new Uint8Array(trades),
  }
  const gapMs = (DAY_MS / trades) * BURST_MEAN * 0.955 - BURST_MS
  let [time, price, left, sells] = [startTime, PRICE_TICKS, 0, false]
  for (let i = 0; i < trades; i++) {
    if (left === 0) {
      const phase = (2 * Math.PI * time) / WAVE_MS
      time += (-Math.log(1 - random.next()) * gapMs) / busyness(time)
      left = 1 + Math.floor(-Math.log(1 - random.next()) * (BURST_MEAN - 0.5))
      sells = random.next() < 0.5 + 0.2 * Math.sin(phase / 7)
    } else time += (BURST_MS / BURST_MEAN) * 2 * random.next()
    left--
    if (random.next() < 0.25) price += (sells ? -1 : 1) * (1 + Math.floor(8 * random.next() ** 3))
    if (random.next() < 0.02) price += PRICE_TICKS > price ? 4 : -4
    columns.id[i] = i + 1
    columns.priceTicks[i] = price
    columns.quantityLots[i] = 1 + Math.floor(900 * random.next() ** 3)
    columns.time[i] = Math.floor(time)
    columns.maker[i] = sells ? 1 : 0
  }
  return columns
}
