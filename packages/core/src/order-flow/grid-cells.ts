import type { Json } from '../decider.ts'
import type { OpenCell } from './open-cell.ts'

const COLUMNS = [
  'start',
  'buy',
  'sell',
  'buyWeighted',
  'sellWeighted',
  'high',
  'low',
  'trades',
  'notional',
] as const

type Saved = Record<(typeof COLUMNS)[number], number[]>

/**
 * The closed cells that held trades, in columns, oldest overwritten. A cell is addressed by its sequence
 * number, which only rises; `slot` says where in the columns it lies.
 */
export class GridCells {
  readonly gridMs: number
  readonly #mask: number
  readonly start: Float64Array
  readonly buy: Float64Array
  readonly sell: Float64Array
  readonly buyWeighted: Float64Array
  readonly sellWeighted: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly trades: Float64Array
  /** Sum of price x quantity, in ticks x lots. */
  readonly notional: Float64Array
  /** Sequence number of the next cell. */
  head = 0

  /** Room for twice the cells of `longestMs`, so that no window ever reads an overwritten cell. */
  constructor(gridMs: number, longestMs: number) {
    this.gridMs = gridMs
    const capacity = 2 ** Math.ceil(Math.log2((2 * longestMs) / gridMs + 2))
    this.#mask = capacity - 1
    this.start = new Float64Array(capacity)
    this.buy = new Float64Array(capacity)
    this.sell = new Float64Array(capacity)
    this.buyWeighted = new Float64Array(capacity)
    this.sellWeighted = new Float64Array(capacity)
    this.high = new Float64Array(capacity)
    this.low = new Float64Array(capacity)
    this.trades = new Float64Array(capacity)
    this.notional = new Float64Array(capacity)
  }

  get capacity(): number {
    return this.#mask + 1
  }

  slot(sequence: number): number {
    return sequence & this.#mask
  }

  push(cell: OpenCell): void {
    const at = this.head++ & this.#mask
    this.start[at] = cell.start
    this.buy[at] = cell.buy
    this.sell[at] = cell.sell
    this.buyWeighted[at] = cell.buyWeighted
    this.sellWeighted[at] = cell.sellWeighted
    this.high[at] = cell.high
    this.low[at] = cell.low
    this.trades[at] = cell.trades
    this.notional[at] = cell.first * (cell.buy + cell.sell) + cell.excess
  }

  /** The cells from `tail` on. After `restore` they are numbered from 0. */
  snapshot(tail: number): Json {
    const saved: { [column: string]: Json } = {}
    for (const column of COLUMNS)
      saved[column] = Array.from(
        { length: this.head - tail },
        (_, i) => this[column][this.slot(tail + i)]!,
      )
    return saved
  }

  restore(json: Json): void {
    const saved = json as Saved
    for (const column of COLUMNS) this[column].set(saved[column])
    this.head = saved.start.length
  }
}
