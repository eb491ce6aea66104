import { OrderBook } from '../order-book/order-book.ts'
import type { Random } from './random.ts'

type Columns = { ticks: number[]; lots: number[] }

const columns = (levels: ReadonlyMap<number, number>): Columns => ({
  ticks: [...levels.keys()],
  lots: [...levels.values()],
})

export type SweepPrint = { readonly ticks: number; readonly lots: number }

const LEVELS = 60
/** Levels further from the touch are withdrawn. */
const LEVELS_MAX = 90
const ROUND_MULTIPLE = 8
/** Share of refills that renew a quote of a side. */
const RENEWED = 0.35

/**
 * The resting side of the market: liquidity providers quote around a fair value, refill what was taken,
 * step back when it moves, and lean on round prices. One of them may hold more than is shown.
 */
export class QuotedBook {
  readonly #book = new OrderBook()
  readonly #random: Random
  readonly #levelLots: number
  readonly #roundTicks: number
  /** Providers quote round sizes. */
  readonly #unit: number
  #changes = { bid: new Map<number, number>(), ask: new Map<number, number>() }
  #updateId: number
  #fair: number
  #iceberg: { side: 'bid' | 'ask'; ticks: number; hidden: number } | null = null

  constructor(random: Random, fair: number, levelLots: number, roundTicks: number) {
    this.#random = random
    this.#fair = fair
    this.#levelLots = levelLots
    this.#roundTicks = roundTicks
    this.#unit = Math.max(1, Math.round(levelLots / 100))
    this.#updateId = random.integer(1_000_000, 9_000_000)
    this.refill()
  }

  get fair(): number {
    return this.#fair
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
  levels(side: 'bid' | 'ask'): Columns {
    return this.#book.levels(side, Infinity)
  }

  /** Changed levels since the last call, by side. */
  takeChanges(): Record<'bid' | 'ask', Columns> {
    const taken = { bid: columns(this.#changes.bid), ask: columns(this.#changes.ask) }
    this.#changes = { bid: new Map(), ask: new Map() }
    return taken
  }

  /** Someone rests at the touch with more than is shown, until it is used up or withdrawn. */
  placeIceberg(side: 'bid' | 'ask', hidden: number): void {
    const ticks = side === 'bid' ? this.bestBid() : this.bestAsk()
    this.#iceberg = { side, ticks, hidden }
  }

  withdrawIceberg(): void {
    this.#iceberg = null
  }

  /**
   * A market order takes what rests, and never empties a side. Providers answer by moving fair value
   * `response` ticks with it.
   */
  sweep(buy: boolean, lots: number, response: number): SweepPrint[] {
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
    this.#moveFair(this.#fair + (buy ? response : -response))
    return prints
  }

  /** Fair value moves without a trade: quotes are pulled and placed. */
  nudge(ticks: number): void {
    this.#moveFair(this.#fair + ticks)
  }

  /** Quotes near the touch are renewed, far ones added and withdrawn. */
  refill(): void {
    for (const side of ['bid', 'ask'] as const) {
      this.#closeSpread(side)
      this.#extend(side)
      this.#renew(side)
    }
  }

  #refillIceberg(side: 'bid' | 'ask', ticks: number, resting: number, taken: number): void {
    const iceberg = this.#iceberg
    if (iceberg === null || iceberg.side !== side || iceberg.ticks !== ticks) return
    const refilled = Math.min(iceberg.hidden, taken)
    iceberg.hidden -= refilled
    if (refilled > 0) this.#set(side, ticks, resting - taken + refilled)
    if (iceberg.hidden <= 0) this.#iceberg = null
  }

  /** Keeps fair value on its side of an iceberg, pulls quotes on the wrong side of it. */
  #moveFair(fair: number): void {
    const iceberg = this.#iceberg
    this.#fair = Math.max(fair, 100)
    if (iceberg?.side === 'bid') this.#fair = Math.max(this.#fair, iceberg.ticks + 0.5)
    if (iceberg?.side === 'ask') this.#fair = Math.min(this.#fair, iceberg.ticks - 0.5)
    while (this.#book.depth('ask') > 1 && this.bestAsk() <= this.#fair)
      this.#set('ask', this.bestAsk(), 0)
    while (this.#book.depth('bid') > 1 && this.bestBid() >= this.#fair)
      this.#set('bid', this.bestBid(), 0)
    this.#closeSpread('bid')
    this.#closeSpread('ask')
  }

  /** Places quotes from fair value outwards where there are none. */
  #closeSpread(side: 'bid' | 'ask'): void {
    const touch = side === 'bid' ? Math.ceil(this.#fair) - 1 : Math.floor(this.#fair) + 1
    const best = side === 'bid' ? this.#book.bestBid() : this.#book.bestAsk()
    if (best === null) {
      this.#place(side, touch)
      return
    }
    const step = side === 'bid' ? -1 : 1
    for (let ticks = touch; (best - ticks) * step > 0; ticks += step * this.#gap(0))
      if (this.#isFree(side, ticks)) this.#place(side, ticks)
  }

  #isFree(side: 'bid' | 'ask', ticks: number): boolean {
    return side === 'bid'
      ? ticks < (this.#book.bestAsk() ?? Infinity)
      : ticks > (this.#book.bestBid() ?? 0)
  }

  #extend(side: 'bid' | 'ask'): void {
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
      this.#place(side, last)
    }
    for (let count = ticks.length - 1; count >= LEVELS_MAX; count--)
      this.#set(side, ticks[count]!, 0)
  }

  #renew(side: 'bid' | 'ask'): void {
    const { ticks } = this.#book.levels(side, 12)
    if (!this.#random.chance(RENEWED)) return
    const at = this.#random.pick(ticks)
    const isOwned = this.#iceberg?.side === side && this.#iceberg.ticks === at
    if (!isOwned && at % this.#roundTicks !== 0) this.#place(side, at)
  }

  #place(side: 'bid' | 'ask', ticks: number): void {
    const round = ticks % this.#roundTicks === 0 ? ROUND_MULTIPLE : 1
    const lots = this.#random.lognormal(this.#levelLots * round, 0.7)
    this.#set(side, ticks, Math.max(1, Math.round(lots / this.#unit)) * this.#unit)
  }

  #gap(level: number): number {
    return 1 + Math.floor(this.#random.next() * (14 + level / 3))
  }

  #set(side: 'bid' | 'ask', ticks: number, lots: number): void {
    if (side === 'bid') this.#book.applyDelta([ticks], [lots], [], [])
    else this.#book.applyDelta([], [], [ticks], [lots])
    this.#changes[side].set(ticks, lots)
    this.#updateId++
  }
}
