import type { Json } from '../decider.ts'
import type { TradeEvent } from './market-event.ts'

/** What became of a print. `accept` and `exclude` reach the tape; the rest is only counted. */
export type TradeVerdict = 'accept' | 'exclude' | 'duplicate' | 'late' | 'reject'

export type TradeCounts = {
  /** Prints that reached the tape, excluded ones among them. */
  trades: number
  excluded: number
  duplicates: number
  /** Arrived after a later id had been passed on: inside a hole, or before the first id. */
  late: number
  /** Ids that never came. */
  missing: number
  /** Price or quantity not a positive number of ticks or lots. */
  rejected: number
  /** More than `JUMP_FRACTION` away from the print before: passed on, but worth a look. */
  priceJumps: number
}

/** A price that moves further than this from one print to the next is counted. */
export const JUMP_FRACTION = 0.05
const HOLES_MAX = 1000

/**
 * Ids rise by one. Repeated and late ids are dropped and counted, a hole is reported with the first
 * print after it, an unusable print uses up its id. Nothing is reordered: the tape has passed by.
 */
export class TradeContinuity {
  #lastId: number | null = null
  #lastPrice = 0
  /** Known holes, oldest first, bounded: `[first missing, last missing]`. */
  #holes: [number, number][] = []
  #gap = 0
  readonly #counts: TradeCounts = {
    trades: 0,
    excluded: 0,
    duplicates: 0,
    late: 0,
    missing: 0,
    rejected: 0,
    priceJumps: 0,
  }

  constructor(snapshot?: Json) {
    if (snapshot === undefined) return
    const saved = snapshot as {
      lastId: number | null
      lastPrice: number
      holes: [number, number][]
      gap: number
      counts: TradeCounts
    }
    this.#lastId = saved.lastId
    this.#lastPrice = saved.lastPrice
    this.#holes = saved.holes.map(([from, to]) => [from, to])
    this.#gap = saved.gap
    Object.assign(this.#counts, saved.counts)
  }

  get lastId(): number | null {
    return this.#lastId
  }

  /** Ids missing before the next print that is passed on; more than none once an unusable print followed a hole. */
  get gap(): number {
    return this.#gap
  }

  /** Price of the last print that counted, 0 before the first. */
  get lastPrice(): number {
    return this.#lastPrice
  }

  /** So many prints followed whose ids follow and about which nothing is to be counted; `price`: of the last. */
  takeRun(count: number, price: number): void {
    this.#lastId! += count
    this.#lastPrice = price
    this.#counts.trades += count
  }

  get counts(): Readonly<TradeCounts> {
    return this.#counts
  }

  /** Judges the next print. */
  judge(trade: TradeEvent): TradeVerdict {
    const { id } = trade
    const last = this.#lastId
    if (last !== null && id <= last) return this.#old(id)
    if (last !== null && id > last + 1) this.#openHole(last + 1, id - 1)
    this.#lastId = id
    return this.#usable(trade)
  }

  /** Ids missing before the print that was judged last; asking takes it. */
  takeGap(): number {
    const gap = this.#gap
    this.#gap = 0
    return gap
  }

  #old(id: number): TradeVerdict {
    const hole = this.#holes.findIndex(([from, to]) => id >= from && id <= to)
    if (hole < 0) {
      this.#counts.duplicates++
      return 'duplicate'
    }
    const [from, to] = this.#holes[hole]!
    const rest = [[from, id - 1] as [number, number], [id + 1, to] as [number, number]]
    this.#holes.splice(hole, 1, ...rest.filter(([low, high]) => low <= high))
    this.#counts.late++
    return 'late'
  }

  #openHole(from: number, to: number): void {
    this.#gap += to - from + 1
    this.#counts.missing += to - from + 1
    this.#holes.push([from, to])
    if (this.#holes.length > HOLES_MAX) this.#holes.shift()
  }

  #usable({ priceTicks, quantityLots, time, excluded }: TradeEvent): TradeVerdict {
    const whole =
      Number.isSafeInteger(priceTicks) &&
      Number.isSafeInteger(quantityLots) &&
      Number.isSafeInteger(time)
    if (!whole || priceTicks <= 0 || quantityLots <= 0) {
      this.#counts.rejected++
      return 'reject'
    }
    this.#counts.trades++
    if (excluded) {
      this.#counts.excluded++
      return 'exclude'
    }
    const move = Math.abs(priceTicks - this.#lastPrice)
    if (this.#lastPrice !== 0 && move > this.#lastPrice * JUMP_FRACTION) this.#counts.priceJumps++
    this.#lastPrice = priceTicks
    return 'accept'
  }

  snapshot(): Json {
    return {
      lastId: this.#lastId,
      lastPrice: this.#lastPrice,
      holes: this.#holes.map(([from, to]) => [from, to]),
      gap: this.#gap,
      counts: { ...this.#counts },
    }
  }
}
