import type { Instrument, Trades } from '@tapedeck/contracts'

/**
 * How the columns of a batch leave: as `arrays` that are theirs alone (for whoever writes them out), or
 * as `views` of memory that is used again once twice the rows of a step have passed (for whoever is done
 * with a step before the next one is composed). Views read like arrays: length, index, at.
 */
export type ColumnKind = 'arrays' | 'views'

/** The prints of one instrument that wait to be appended. Columns lie in a ring, each batch in one piece. */
export class TradeBatch {
  readonly #instrument: Instrument
  readonly #kind: ColumnKind
  readonly #most: number
  readonly id: Float64Array
  readonly price: Float64Array
  readonly lots: Float64Array
  readonly time: Float64Array
  readonly maker: Uint8Array
  #excluded: number[] = []
  #gap = 0
  /** Where the batch begins in the ring, and where the next row goes. */
  #start = 0
  #end = 0

  /** `most`: rows of one batch. `kept`: rows that stay readable after their batch was taken, as views. */
  constructor(instrument: Instrument, most: number, kept: number, kind: ColumnKind) {
    this.#instrument = instrument
    this.#kind = kind
    this.#most = most
    const rows = kind === 'views' ? 2 * (kept + most) : most
    this.id = new Float64Array(rows)
    this.price = new Float64Array(rows)
    this.lots = new Float64Array(rows)
    this.time = new Float64Array(rows)
    this.maker = new Uint8Array(rows)
  }

  get length(): number {
    return this.#end - this.#start
  }

  /** Where the next row goes: a run is written there, then taken in by `grow`. */
  get end(): number {
    return this.#end
  }

  /** Time of the first print; null while the batch is empty. */
  get startTime(): number | null {
    return this.#end === this.#start ? null : this.time[this.#start]!
  }

  /** Ids that are missing before the first row of the batch that begins. */
  set gap(ids: number) {
    this.#gap = ids
  }

  add(id: number, price: number, lots: number, time: number, maker: 0 | 1): void {
    const at = this.#end++
    this.id[at] = id
    this.price[at] = price
    this.lots[at] = lots
    this.time[at] = time
    this.maker[at] = maker
  }

  /** Rows that were written from `end` on are part of the batch. */
  grow(rows: number): void {
    this.#end += rows
  }

  /** The row that was added last measures nothing. */
  exclude(): void {
    // An empty list may have left with the batch before.
    if (this.#excluded.length === 0) this.#excluded = []
    this.#excluded.push(this.length - 1)
  }

  /** The batch as it is appended; the next one is empty. Only when it is not empty. */
  take(): Trades {
    const { venue, symbol, tick_size, lot_size } = this.#instrument
    const [start, end] = [this.#start, this.#end]
    const batch = {
      venue,
      symbol,
      tick_size,
      lot_size,
      first_id: this.id[start]!,
      last_id: this.id[end - 1]!,
      gap: this.#gap,
      id: this.#column(this.id, start, end),
      price_ticks: this.#column(this.price, start, end),
      quantity_lots: this.#column(this.lots, start, end),
      time: this.#column(this.time, start, end),
      maker: this.#column(this.maker, start, end),
      excluded: this.#excluded,
    }
    this.#gap = 0
    if (this.#excluded.length > 0) this.#excluded = []
    this.#start = this.#kind === 'views' && end + this.#most <= this.id.length ? end : 0
    this.#end = this.#start
    return batch as unknown as Trades
  }

  #column(column: Float64Array | Uint8Array, start: number, end: number): ArrayLike<number> {
    return this.#kind === 'views'
      ? column.subarray(start, end)
      : Array.from(column.subarray(start, end))
  }

  /** The open batch, as it lies in checkpoints; null while it is empty. */
  snapshot(): Trades | null {
    if (this.length === 0) return null
    const { venue, symbol, tick_size, lot_size } = this.#instrument
    const column = (of: Float64Array | Uint8Array): number[] =>
      Array.from(of.subarray(this.#start, this.#end))
    return {
      venue,
      symbol,
      tick_size,
      lot_size,
      first_id: 0,
      last_id: 0,
      gap: this.#gap,
      id: column(this.id),
      price_ticks: column(this.price),
      quantity_lots: column(this.lots),
      time: column(this.time),
      maker: column(this.maker) as Trades['maker'],
      excluded: [...this.#excluded],
    }
  }

  restore(batch: Trades | null): void {
    if (batch === null) return
    this.#gap = batch.gap
    for (let row = 0; row < batch.id.length; row++)
      this.add(
        batch.id[row]!,
        batch.price_ticks[row]!,
        batch.quantity_lots[row]!,
        batch.time[row]!,
        batch.maker[row]!,
      )
    this.#excluded = [...batch.excluded]
  }
}
