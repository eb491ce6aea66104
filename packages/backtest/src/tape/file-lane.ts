import type { ColumnBuffer } from '@tapedeck/columnar'
import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import { ColumnFile, type OpenFile } from './column-file.ts'
import { LaneRegister } from './lane-register.ts'
import { BATCH_BYTES, pathOf, periodEnd, periodOf, type FileKind } from './tape-layout.ts'
import type { TapeFile } from './tape-manifest.ts'

/** Dates in names of files have four digits of a year. */
const TIME_MAX = Date.UTC(9999, 11, 31)

/** Where a writer keeps its files while it writes. */
export type LaneTarget = {
  readonly folder: string
  readonly instrument: Instrument
  readonly openFile: OpenFile
  /** Rows of a full batch. */
  readonly batchRows: number
}

/**
 * The files of one kind and symbol: gathers rows in column buffers, writes a batch when they are full,
 * and begins another file with each UTC day (of bars: year).
 */
export abstract class FileLane {
  readonly register: LaneRegister
  readonly files: TapeFile[] = []
  protected readonly kind: FileKind
  protected abstract readonly columns: readonly ColumnBuffer[]
  readonly #target: LaneTarget
  #file: ColumnFile | null = null
  #periodEnd = -1
  #firstId: number | null = null
  #lastId: number | null = null
  #rows = 0
  #firstOrder = 0
  #lastOrder = 0
  #timeMin = Infinity
  #timeMax = -1

  constructor(target: LaneTarget, kind: FileKind) {
    this.#target = target
    this.kind = kind
    this.register = new LaneRegister(target.instrument.symbol, kind)
  }

  /** Rows that fit into the batch at hand. */
  get room(): number {
    return this.#target.batchRows - this.#rows
  }

  /** When the file at hand is over. */
  get periodEnd(): number {
    return this.#periodEnd
  }

  get isFull(): boolean {
    return (
      this.#rows === this.#target.batchRows ||
      (this.#rows > 0 && (this.#rows & 63) === 0 && this.#bytes > BATCH_BYTES)
    )
  }

  /** Begins the file that holds `at`, after what came before was written. */
  async turn(at: number): Promise<void> {
    if (at > TIME_MAX)
      throw new TapedeckError(
        'RECORDING_INVALID',
        `time ${at} lies beyond the year 9999, expected ms`,
      )
    await this.close()
    const { folder, instrument, openFile } = this.#target
    const path = pathOf(instrument.symbol, this.kind, periodOf(this.kind, at))
    this.#file = await ColumnFile.create(folder, path, instrument, this.kind, openFile)
    this.#periodEnd = periodEnd(this.kind, at)
  }

  /** Writes the rows at hand as a batch. */
  async flush(): Promise<void> {
    if (this.#rows === 0) return
    await this.#file!.add(this.columns, {
      rows: this.#rows,
      first_order: this.#firstOrder,
      last_order: this.#lastOrder,
      time_min: this.#timeMin,
      time_max: this.#timeMax,
    })
    for (const column of this.columns) column.clear()
    this.#rows = 0
    this.#timeMin = Infinity
    this.#timeMax = -1
  }

  async close(): Promise<void> {
    if (this.#file === null) return
    await this.flush()
    const file = this.#file
    this.#file = null
    this.files.push(await file.finish({ first_id: this.#firstId, last_id: this.#lastId }))
    this.#firstId = null
    this.#lastId = null
  }

  async abandon(): Promise<void> {
    await this.#file?.abandon()
    this.#file = null
  }

  /** Rows were added to the columns: where they stand, and their times. */
  protected took(rows: number, firstOrder: number, timeMin: number, timeMax: number): void {
    if (this.#rows === 0) this.#firstOrder = firstOrder
    this.#rows += rows
    this.#lastOrder = firstOrder + rows - 1
    if (timeMin < this.#timeMin) this.#timeMin = timeMin
    if (timeMax > this.#timeMax) this.#timeMax = timeMax
  }

  protected tookIds(first: number, last: number): void {
    this.#firstId ??= first
    this.#lastId = last
  }

  get #bytes(): number {
    let bytes = 0
    for (const column of this.columns) bytes += column.bytes
    return bytes
  }
}
