import { OrderBook } from '../order-book/order-book.ts'
import type { Random } from './random.ts'

type Side = 'bid' | 'ask'
type Columns = { ticks: number[]; lots: number[] }

const columns = (levels: ReadonlyMap<number, number>): Columns => ({
  ticks: [...levels.keys()],
  lots: [...levels.values()],
})

export type SweepPrint = { readonly ticks: number; readonly lots: number }

export type QuotedBookOptions = {
  readonly random: Random
  /** What providers quote around, in ticks. */
  readonly center: number
  readonly meanLots: number
  /** Mean distance of levels near the touch, ticks. */
  readonly gapTicks: number
  /** Prices that are multiples of it hold more. */
  readonly roundTicks: number
}

const LEVELS = 60
/** Levels further from the touch are withdrawn. */
const LEVELS_MAX = 90
const ROUND_MULTIPLE = 8
/** Mean lots at the touch, and behind it, in mean orders; deeper levels hold more. */
const AT_TOUCH = 12
const BEHIND = 1.5
const DEEPER = 0.05
/** Share of steps in which a side renews a quote. */
const RENEWED = 0.35

/**
 * The resting side of the market: liquidity providers quote around a center, refill what was taken when
 * they have seen it, follow the center when it moves, keep away from it when they are wary, and lean on
 * round prices. One of them may hold more than is shown.
 */
export class QuotedBook {
  readonly #book = new OrderBook()
  readonly #random: Random
  readonly #meanLots: number
  readonly #gapTicks: number
  readonly #roundTicks: number
  /** Providers quote round sizes. */
  readonly #unit: number
  #changes = { bid: new Map<number, number>(), ask: new Map<number, number>() }
  #updateId: number
  #center: number
  #iceberg: { side: Side; ticks: number; hidden: number } | null = null

  constructor({ random, center, meanLots, gapTicks, roundTicks }: QuotedBookOptions) {
    this.#random = random
    this.#center = center
    this.#meanLots = meanLots
    this.#gapTicks = gapTicks
    this.#roundTicks = roundTicks
    this.#unit = Math.max(1, Math.round(meanLots / 50))
    this.#updateId = random.integer(1_000_000, 9_000_000)
    this.quote(center, 0)
  }

  /** What is quoted around. */
  get center(): number {
    return this.#center
  }

  get updateId(): number {
    return this.#updateId
  }

  bestBid(): number {
    return this.#book.bestBid()!
  }

  bestAsk(): number {
    return this.#book.bestAsk()!
  }

  /** The whole book, best first. */
  levels(side: Side): Columns {
    return this.#book.levels(side, Infinity)
  }

  /** Changed levels since the last call, by side. */
  takeChanges(): Record<Side, Columns> {
    const taken = { bid: columns(this.#changes.bid), ask: columns(this.#changes.ask) }
    this.#changes = { bid: new Map(), ask: new Map() }
    return taken
  }

  /** Someone rests at the touch with more than is shown, until it is used up or withdrawn. */
  placeIceberg(side: Side, hidden: number): void {
    const ticks = side === 'bid' ? this.bestBid() : this.bestAsk()
    this.#iceberg = { side, ticks, hidden }
  }

  /** Whether somebody still rests with more than is shown. */
  get hasIceberg(): boolean {
    return this.#iceberg !== null
  }

  withdrawIceberg(): void {
    this.#iceberg = null
  }

  /** A market order takes what rests, and never empties a side. */
  sweep(buy: boolean, lots: number): SweepPrint[] {
    const side = buy ? 'ask' : 'bid'
    const prints: SweepPrint[] = []
    let left = lots
    while (left > 0 && this.#book.depth(side) > 1) {
      const ticks = buy ? this.bestAsk() : this.bestBid()
      const resting = this.#book.lotsAt(side, ticks)
      const taken = Math.min(left, resting)
      prints.push({ ticks, lots: taken })
      left -= taken
      this.#set(side, ticks, resting - taken)
      this.#refillIceberg(side, ticks, resting, taken)
    }
    return prints
  }

  /**
   * Providers quote around `center`, and leave `away` ticks more than one between bid and ask. Quotes on
   * the wrong side of it are pulled; an iceberg holds them on its side.
   */
  quote(center: number, away: number): void {
    this.#center = this.#heldBy(center)
    for (const side of ['bid', 'ask'] as const) this.#pull(side, away)
    for (const side of ['bid', 'ask'] as const) this.#place(side, away)
    for (const side of ['bid', 'ask'] as const) {
      this.#extend(side)
      this.#renew(side)
    }
  }

  #refillIceberg(side: Side, ticks: number, resting: number, taken: number): void {
    const iceberg = this.#iceberg
    if (iceberg === null || iceberg.side !== side || iceberg.ticks !== ticks) return
    const refilled = Math.min(iceberg.hidden, taken)
    iceberg.hidden -= refilled
    if (refilled > 0) this.#set(side, ticks, resting - taken + refilled)
    if (iceberg.hidden <= 0) this.#iceberg = null
  }

  #heldBy(center: number): number {
    const iceberg = this.#iceberg
    if (iceberg?.side === 'bid') return Math.max(center, iceberg.ticks + 0.5)
    if (iceberg?.side === 'ask') return Math.min(center, iceberg.ticks - 0.5)
    return center
  }

  /** The best price that a side quotes. */
  #touch(side: Side, away: number): number {
    return side === 'bid'
      ? Math.ceil(this.#center) - 1 - Math.floor(away / 2)
      : Math.floor(this.#center) + 1 + Math.ceil(away / 2)
  }

  #pull(side: Side, away: number): void {
    const touch = this.#touch(side, away)
    const step = side === 'bid' ? -1 : 1
    const owned = this.#iceberg?.side === side ? this.#iceberg.ticks : null
    while (this.#book.depth(side) > 1) {
      const best = side === 'bid' ? this.bestBid() : this.bestAsk()
      if ((best - touch) * step >= 0 || best === owned) return
      this.#set(side, best, 0)
    }
  }

  /** Places quotes from the touch outwards where there are none. */
  #place(side: Side, away: number): void {
    const touch = this.#touch(side, away)
    const best = side === 'bid' ? this.#book.bestBid() : this.#book.bestAsk()
    const step = side === 'bid' ? -1 : 1
    if (best === null) {
      this.#rest(side, touch, AT_TOUCH)
      return
    }
    let multiple = AT_TOUCH
    for (let ticks = touch; (best - ticks) * step > 0; ticks += step * this.#gap(0)) {
      if (this.#isFree(side, ticks)) this.#rest(side, ticks, multiple)
      multiple = BEHIND
    }
  }

  #isFree(side: Side, ticks: number): boolean {
    return side === 'bid'
      ? ticks < (this.#book.bestAsk() ?? Infinity)
      : ticks > (this.#book.bestBid() ?? 0)
  }

  #extend(side: Side): void {
    const depth = this.#book.depth(side)
    if (depth >= LEVELS && depth <= LEVELS_MAX) return
    const { ticks } = this.#book.levels(side, Infinity)
    const step = side === 'bid' ? -1 : 1
    let last = ticks.at(-1)!
    for (let count = ticks.length; count < LEVELS && last > 200; count++) {
      const next = last + step * this.#gap(count)
      const round =
        step > 0
          ? Math.ceil((last + 1) / this.#roundTicks)
          : Math.floor((last - 1) / this.#roundTicks)
      const atRound = round * this.#roundTicks
      last = (next - atRound) * step >= 0 ? atRound : next
      this.#rest(side, last, BEHIND * (1 + count * DEEPER))
    }
    for (let count = ticks.length - 1; count >= LEVELS_MAX; count--)
      this.#set(side, ticks[count]!, 0)
  }

  #renew(side: Side): void {
    if (!this.#random.chance(RENEWED)) return
    const { ticks } = this.#book.levels(side, 12)
    const place = this.#random.integer(0, ticks.length - 1)
    const at = ticks[place]!
    const isOwned = this.#iceberg?.side === side && this.#iceberg.ticks === at
    if (!isOwned && at % this.#roundTicks !== 0)
      this.#rest(side, at, place === 0 ? AT_TOUCH : BEHIND)
  }

  #rest(side: Side, ticks: number, multiple: number): void {
    const round = ticks % this.#roundTicks === 0 ? ROUND_MULTIPLE : 1
    const lots = this.#random.lognormal(this.#meanLots * multiple * round, 0.7)
    this.#set(side, ticks, Math.max(1, Math.round(lots / this.#unit)) * this.#unit)
  }

  #gap(level: number): number {
    return 1 + Math.floor(this.#random.next() * this.#gapTicks * (2 + level / 20))
  }

  #set(side: Side, ticks: number, lots: number): void {
    if (side === 'bid') this.#book.applyDelta([ticks], [lots], [], [])
    else this.#book.applyDelta([], [], [ticks], [lots])
    this.#changes[side].set(ticks, lots)
    this.#updateId++
  }
}
