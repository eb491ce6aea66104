import type { Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { BatchReader, BlockBuffer, latestOf } from './batch-reader.ts'
import { rowValues, type EventFileKind } from './event-rows.ts'
import type { RowValues } from './row-buffers.ts'
import type { TimeRange } from './tape-chunk.ts'
import type { TapeFile } from './tape-manifest.ts'
import { TimeWindow } from './time-window.ts'

/** Walks the rows of one kind, batch by batch, each row when it is asked for. */
export class EventCursor {
  readonly #folder: string
  readonly #instrument: Instrument
  readonly #files: readonly TapeFile[]
  readonly #window: TimeWindow
  readonly #block = new BlockBuffer()
  #reader: BatchReader | null = null
  #file = 0
  #batch = 0
  #row = 0
  #end = 0
  #order = new Float64Array(0)
  #at = new Float64Array(0)
  #values: RowValues<MarketEvent> | null = null

  constructor(
    folder: string,
    instrument: Instrument,
    files: readonly TapeFile[],
    range: TimeRange | undefined,
  ) {
    this.#folder = folder
    this.#instrument = instrument
    this.#files = files
    this.#window = new TimeWindow(range)
  }

  /** The place of the next row; Infinity at the end, and before the first `fill`. */
  get head(): number {
    return this.#row < this.#end ? this.#order[this.#row]! : Infinity
  }

  take(): MarketEvent {
    return this.#values!(this.#row++)
  }

  /** Reads on when the batch at hand is used up. */
  async fill(): Promise<void> {
    while (this.#row >= this.#end) {
      const file = this.#files[this.#file]
      if (file === undefined || this.#window.isOver) return
      if (this.#batch === 0 && this.#reader === null && this.#window.skips(latestOf(file))) {
        this.#file++
        continue
      }
      const batch = file.batches[this.#batch]
      if (batch === undefined) {
        await this.close()
        this.#file++
        this.#batch = 0
        continue
      }
      if (this.#window.endsBefore(batch.time_min)) return
      if (!this.#window.skips(batch.time_max)) await this.#load(file)
      this.#batch++
    }
  }

  async close(): Promise<void> {
    const reader = this.#reader
    this.#reader = null
    await reader?.close()
  }

  async #load(file: TapeFile): Promise<void> {
    this.#reader ??= await BatchReader.open(this.#folder, file, this.#instrument)
    const batch = await this.#reader.read(this.#batch, this.#block)
    if (this.#order.length < batch.rows) {
      this.#order = new Float64Array(batch.rows)
      this.#at = new Float64Array(batch.rows)
    }
    batch.int64('order').copyTo(this.#order)
    batch.int64('at').copyTo(this.#at)
    const { first, end } = this.#window.cut(this.#at, batch.rows)
    this.#row = first
    this.#end = end
    this.#values = rowValues(file.kind as EventFileKind, batch, file.symbol)
  }
}
