import type { TradeColumns } from './day-of-trades.ts'

const WINDOWS_MS = [5_000, 15_000, 60_000, 300_000] as const
const BAR_MS = 15_000
const EXTREMES_MS = 30_000
const BIN_TICKS = 100
const BINS = 16_384

/** The extremes of a sliding window: indexes of candidates in a ring, best first. */
class Extremes {
  readonly #ring = new Int32Array(1 << 20)
  readonly #mask = this.#ring.length - 1
  readonly #sign: 1 | -1
  #head = 0
  #tail = 0

  constructor(sign: 1 | -1) {
    this.#sign = sign
  }

  push(prices: Float64Array, time: Float64Array, i: number): number {
    const price = prices[i]! * this.#sign
    while (
      this.#tail > this.#head &&
      prices[this.#ring[(this.#tail - 1) & this.#mask]!]! * this.#sign <= price
    )
      this.#tail--
    this.#ring[this.#tail++ & this.#mask] = i
    const from = time[i]! - EXTREMES_MS
    while (time[this.#ring[this.#head & this.#mask]!]! < from) this.#head++
    return prices[this.#ring[this.#head & this.#mask]!]!
  }
}

/**
 * What any program has to do for these measures, and nothing else: signed volume in four windows, 15 s
 * bars with everything that a bar carries (running delta, count, volume-weighted price), a volume profile
 * by side, the extremes of 30 s, over typed arrays. No events, no state to save, no rules.
 * Returns a checksum, so that nothing of it can be left out.
 */
export const bareLoop = (trades: TradeColumns): number => {
  const { priceTicks, quantityLots, time, maker } = trades
  const count = time.length
  const tails = new Int32Array(WINDOWS_MS.length)
  const deltas = new Float64Array(WINDOWS_MS.length)
  const volumes = new Float64Array(WINDOWS_MS.length)
  const bought = new Float64Array(BINS)
  const sold = new Float64Array(BINS)
  const [highs, lows] = [new Extremes(1), new Extremes(-1)]
  let checksum = 0
  let barEnd = 0
  let [high, low, close, buy, sell, prints] = [0, 0, 0, 0, 0, 0]
  let [minDelta, maxDelta, notional, bars] = [0, 0, 0, 0]
  for (let i = 0; i < count; i++) {
    const price = priceTicks[i]!
    const lots = quantityLots[i]!
    const at = time[i]!
    const signed = maker[i] === 1 ? -lots : lots
    if (at >= barEnd) {
      checksum += high - low + close + maxDelta - minDelta + notional / (buy + sell + 1) + prints
      barEnd = at - (at % BAR_MS) + BAR_MS
      high = low = price
      buy = sell = prints = minDelta = maxDelta = notional = 0
      bars++
    }
    if (price > high) high = price
    else if (price < low) low = price
    close = price
    prints++
    notional += price * lots
    const bin = Math.floor(price / BIN_TICKS) & (BINS - 1)
    if (signed < 0) {
      sell += lots
      sold[bin] = sold[bin]! + lots
      if (buy - sell < minDelta) minDelta = buy - sell
    } else {
      buy += lots
      bought[bin] = bought[bin]! + lots
      if (buy - sell > maxDelta) maxDelta = buy - sell
    }
    for (let w = 0; w < WINDOWS_MS.length; w++) {
      let delta = deltas[w]! + signed
      let volume = volumes[w]! + lots
      let tail = tails[w]!
      const from = at - WINDOWS_MS[w]!
      while (time[tail]! < from) {
        const gone = quantityLots[tail]!
        delta -= maker[tail] === 1 ? -gone : gone
        volume -= gone
        tail++
      }
      deltas[w] = delta
      volumes[w] = volume
      tails[w] = tail
    }
    checksum += highs.push(priceTicks, time, i) - lows.push(priceTicks, time, i)
  }
  return checksum + bars + deltas[0]! + volumes[3]! + bought[6_000]! + sold[6_000]!
}
