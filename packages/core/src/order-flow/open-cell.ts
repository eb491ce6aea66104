import type { Json } from '../decider.ts'

type Saved = [
  start: number,
  trades: number,
  buy: number,
  sell: number,
  buyWeighted: number,
  sellWeighted: number,
  first: number,
  last: number,
  high: number,
  low: number,
  excess: number,
  excessSquares: number,
]

/**
 * What traded since the last grid point. Grid windows begin and end on grid points, so nothing finer than
 * this is ever asked for, and a trade costs a handful of additions.
 *
 * Weighted sums are as of the cell's end: each print counts 0.5^(age / half-life). `excess` sums are
 * taken against the first price, which keeps them exact integers.
 */
export class OpenCell {
  readonly #gridMs: number
  /** Weight of a print by its age at the end of the cell, in ms. */
  readonly #weights: Float64Array
  start = 0
  end = -Infinity
  trades = 0
  buy = 0
  sell = 0
  buyWeighted = 0
  sellWeighted = 0
  first = 0
  last = 0
  high = 0
  low = 0
  excess = 0
  excessSquares = 0

  constructor(gridMs: number, halfLifeMs: number) {
    this.#gridMs = gridMs
    this.#weights = Float64Array.from({ length: gridMs + 1 }, (_, age) => 0.5 ** (age / halfLifeMs))
  }

  /** Empties the cell and moves it to the grid point `start`. */
  open(start: number): void {
    this.start = start
    this.end = start + this.#gridMs
    this.trades = 0
    this.buy = 0
    this.sell = 0
    this.buyWeighted = 0
    this.sellWeighted = 0
    this.excess = 0
    this.excessSquares = 0
  }

  /** Whatever comes next belongs to a later cell. */
  shut(): void {
    this.trades = 0
    this.end = -Infinity
  }

  /** Adds a print. A time before the cell counts as its start: time never runs backwards here. */
  add(price: number, lots: number, time: number, isBuyerMaker: boolean): void {
    if (this.trades === 0) {
      this.first = price
      this.high = price
      this.low = price
    } else if (price > this.high) this.high = price
    else if (price < this.low) this.low = price
    const weighted = lots * this.#weights[this.end - (time < this.start ? this.start : time)]!
    if (isBuyerMaker) {
      this.sell += lots
      this.sellWeighted += weighted
    } else {
      this.buy += lots
      this.buyWeighted += weighted
    }
    const distance = price - this.first
    if (distance !== 0) {
      this.excess += lots * distance
      this.excessSquares += lots * distance * distance
    }
    this.last = price
    this.trades++
  }

  snapshot(): Json {
    return this.end === -Infinity
      ? null
      : [
          this.start,
          this.trades,
          this.buy,
          this.sell,
          this.buyWeighted,
          this.sellWeighted,
          this.first,
          this.last,
          this.high,
          this.low,
          this.excess,
          this.excessSquares,
        ]
  }

  restore(json: Json): void {
    if (json === null) return
    const saved = json as Saved
    this.open(saved[0])
    this.trades = saved[1]
    this.buy = saved[2]
    this.sell = saved[3]
    this.buyWeighted = saved[4]
    this.sellWeighted = saved[5]
    this.first = saved[6]
    this.last = saved[7]
    this.high = saved[8]
    this.low = saved[9]
    this.excess = saved[10]
    this.excessSquares = saved[11]
  }
}
