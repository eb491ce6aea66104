import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import type { ComposerOptions, MarketEvent } from '@tapedeck/core'
import type { ArrowBatch } from '@tapedeck/columnar'
import { BatchReader, BlockBuffer, latestOf } from './batch-reader.ts'
import { EventCursor } from './event-cursor.ts'
import type { EventChunk, TapeReader, TimeRange, TradeChunk } from './tape-chunk.ts'
import { tapeInvalid } from './tape-error.ts'
import { MANIFEST, parseManifest, type TapeFile, type TapeManifest } from './tape-manifest.ts'
import { TimeWindow } from './time-window.ts'

/** Events that are given out together. */
const CHUNK_EVENTS = 1024

/** A tape in a folder. */
export class FolderTape implements TapeReader {
  readonly folder: string
  readonly manifest: TapeManifest
  readonly fingerprint: string

  constructor(folder: string, manifest: TapeManifest, fingerprint: string) {
    this.folder = folder
    this.manifest = manifest
    this.fingerprint = fingerprint
  }

  get instruments(): readonly Instrument[] {
    return this.manifest.instruments
  }

  get from(): number {
    return this.manifest.from
  }

  get to(): number {
    return this.manifest.to
  }

  get composer(): Pick<ComposerOptions, 'base' | 'clockMs'> {
    const { base, clockMs } = this.manifest.composer
    return {
      ...(base === undefined ? {} : { base }),
      ...(clockMs === undefined ? {} : { clockMs }),
    }
  }

  async *trades(symbol: string, range?: TimeRange): AsyncGenerator<TradeChunk, void, undefined> {
    const instrument = this.#instrument(symbol)
    const window = new TimeWindow(range)
    const block = new BlockBuffer()
    const columns = new TradeColumns(this.#longestBatch)
    for (const file of this.#files(symbol, (kind) => kind === 'trades')) {
      if (window.endsBefore(file.batches[0]!.time_min)) return
      if (window.skips(latestOf(file))) continue
      const reader = await BatchReader.open(this.folder, file, instrument)
      try {
        for (const [i, batch] of file.batches.entries()) {
          if (window.endsBefore(batch.time_min)) return
          if (window.skips(batch.time_max)) continue
          columns.load(await reader.read(i, block))
          const { first, end } = window.cut(columns.time, batch.rows)
          if (end > first) yield columns.chunk(symbol, first, end)
        }
      } finally {
        await reader.close()
      }
    }
  }

  async *events(symbol: string, range?: TimeRange): AsyncGenerator<EventChunk, void, undefined> {
    const instrument = this.#instrument(symbol)
    const files = this.#files(symbol, (kind) => kind !== 'trades')
    const kinds = [...new Set(files.map(({ kind }) => kind))]
    const cursors = kinds.map(
      (kind) =>
        new EventCursor(
          this.folder,
          instrument,
          files.filter((file) => file.kind === kind),
          range,
        ),
    )
    try {
      for (const cursor of cursors) await cursor.fill()
      yield* merge(symbol, cursors)
    } finally {
      for (const cursor of cursors) await cursor.close()
    }
  }

  #instrument(symbol: string): Instrument {
    const found = this.instruments.find((one) => one.symbol === symbol)
    if (found === undefined)
      throw new TapedeckError(
        'SYMBOL_UNKNOWN',
        `symbol ${symbol} is not on the tape, which has ${this.instruments.map((one) => one.symbol).join(', ')}`,
      )
    return found
  }

  get #longestBatch(): number {
    let rows = 0
    for (const { batches } of this.manifest.files)
      for (const batch of batches) if (batch.rows > rows) rows = batch.rows
    return rows
  }

  #files(symbol: string, wanted: (kind: TapeFile['kind']) => boolean): TapeFile[] {
    return this.manifest.files.filter((file) => file.symbol === symbol && wanted(file.kind))
  }
}

/** Events of several kinds in the order of their places. */
async function* merge(
  symbol: string,
  cursors: readonly EventCursor[],
): AsyncGenerator<EventChunk, void, undefined> {
  let order = new Float64Array(CHUNK_EVENTS)
  let events: MarketEvent[] = []
  for (;;) {
    let next: EventCursor | null = null
    let head = Infinity
    for (const cursor of cursors)
      if (cursor.head < head) {
        head = cursor.head
        next = cursor
      }
    if (next === null) break
    order[events.length] = head
    events.push(next.take())
    if (next.head === Infinity) await next.fill()
    if (events.length === CHUNK_EVENTS) {
      yield { symbol, order, events }
      order = new Float64Array(CHUNK_EVENTS)
      events = []
    }
  }
  if (events.length > 0) yield { symbol, order: order.subarray(0, events.length), events }
}

/** The columns of a chunk, filled from one batch after the other. */
class TradeColumns {
  readonly time: Float64Array
  readonly #order: Float64Array
  readonly #id: Float64Array
  readonly #price: Float64Array
  readonly #quantity: Float64Array
  readonly #maker: Uint8Array
  readonly #excluded: Uint8Array
  #anyExcluded = false

  constructor(rows: number) {
    this.time = new Float64Array(rows)
    this.#order = new Float64Array(rows)
    this.#id = new Float64Array(rows)
    this.#price = new Float64Array(rows)
    this.#quantity = new Float64Array(rows)
    this.#maker = new Uint8Array(rows)
    this.#excluded = new Uint8Array(rows)
  }

  load(batch: ArrowBatch): void {
    batch.int64('order').copyTo(this.#order)
    batch.int64('id').copyTo(this.#id)
    batch.int64('price_ticks').copyTo(this.#price)
    batch.int64('quantity_lots').copyTo(this.#quantity)
    batch.int64('time').copyTo(this.time)
    batch.bool('buyer_is_maker').copyTo(this.#maker)
    const excluded = batch.bool('excluded')
    this.#anyExcluded = excluded.any()
    if (this.#anyExcluded) excluded.copyTo(this.#excluded)
  }

  chunk(symbol: string, first: number, end: number): TradeChunk {
    return {
      symbol,
      count: end - first,
      order: this.#order.subarray(first),
      id: this.#id.subarray(first),
      priceTicks: this.#price.subarray(first),
      quantityLots: this.#quantity.subarray(first),
      time: this.time.subarray(first),
      maker: this.#maker.subarray(first),
      excluded: this.#anyExcluded ? this.#excluded.subarray(first) : null,
    }
  }
}

const readManifest = async (folder: string): Promise<string> => {
  const info = await stat(folder).catch(() => null)
  if (info === null)
    throw new TapedeckError('NOT_FOUND', `there is no folder ${folder}`, {
      hint: 'Name the folder that tapedeck tape convert made; paths are relative to the working directory.',
    })
  if (!info.isDirectory())
    throw tapeInvalid({ file: basename(folder) }, 'is a file, expected the folder of a tape')
  try {
    return await readFile(join(folder, MANIFEST), 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw tapeInvalid(
      { file: MANIFEST },
      code === 'ENOENT'
        ? `is not in ${folder}: that is no tape, or its conversion did not come to its end`
        : `cannot be read (${message})`,
      {},
      error,
    )
  }
}

/**
 * Opens a tape: its manifest is read and checked. Files are opened when they are read, and every byte is
 * checked before it is used. Throws NOT_FOUND and TAPE_FILE_INVALID; reading throws TAPE_FILE_INVALID after
 * everything before the bad place was yielded, and SYMBOL_UNKNOWN.
 */
export const openTape = async (folder: string): Promise<FolderTape> => {
  const { manifest, fingerprint } = parseManifest(await readManifest(folder))
  return new FolderTape(folder, manifest, fingerprint)
}
