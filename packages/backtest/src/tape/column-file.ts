import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { ArrowEncoder, type ColumnBuffer } from '@tapedeck/columnar'
import type { Instrument } from '@tapedeck/contracts'
import { columnsOf, metadataOf, type FileKind } from './tape-layout.ts'
import type { TapeBatch, TapeFile } from './tape-manifest.ts'

/** What a batch says of its rows. */
export type BatchFacts = Pick<
  TapeBatch,
  'rows' | 'first_order' | 'last_order' | 'time_min' | 'time_max'
>

/** Opens a file for writing. Replaced where a disk has to be full. */
export type OpenFile = (path: string) => Promise<Pick<FileHandle, 'writev' | 'datasync' | 'close'>>

export const openNew: OpenFile = async (path) => await open(path, 'wx')

type Piece = { readonly bytes: number; readonly crc32: number }

/** One Arrow file of a tape on its way to the disk, batch by batch. */
export class ColumnFile {
  readonly #handle: Awaited<ReturnType<OpenFile>>
  readonly #encoder: ArrowEncoder
  readonly #path: string
  readonly #instrument: Instrument
  readonly #kind: FileKind
  readonly #batches: TapeBatch[] = []
  #head: Piece = { bytes: 0, crc32: 0 }
  #offset = 0

  private constructor(
    handle: Awaited<ReturnType<OpenFile>>,
    path: string,
    instrument: Instrument,
    kind: FileKind,
  ) {
    this.#handle = handle
    this.#path = path
    this.#instrument = instrument
    this.#kind = kind
    this.#encoder = new ArrowEncoder(columnsOf(kind), metadataOf(instrument, kind))
  }

  static async create(
    folder: string,
    path: string,
    instrument: Instrument,
    kind: FileKind,
    openFile: OpenFile,
  ): Promise<ColumnFile> {
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    const file = new ColumnFile(await openFile(target), path, instrument, kind)
    file.#head = await file.#write(file.#encoder.head())
    return file
  }

  async add(columns: readonly ColumnBuffer[], facts: BatchFacts): Promise<void> {
    const offset = this.#offset
    const { bytes, crc32: checksum } = await this.#write(this.#encoder.batch(facts.rows, columns))
    this.#batches.push({ offset, bytes, crc32: checksum, ...facts })
  }

  /** Writes the footer and sees the file safely on the disk. */
  async finish(ids: Pick<TapeFile, 'first_id' | 'last_id'>): Promise<TapeFile> {
    const tail = await this.#write(this.#encoder.tail())
    await this.#handle.datasync()
    await this.#handle.close()
    return {
      path: this.#path,
      symbol: this.#instrument.symbol,
      kind: this.#kind,
      rows: this.#batches.reduce((sum, { rows }) => sum + rows, 0),
      bytes: this.#offset,
      ...ids,
      head: this.#head,
      tail,
      batches: this.#batches,
    }
  }

  async abandon(): Promise<void> {
    await this.#handle.close()
  }

  async #write(pieces: readonly Uint8Array[]): Promise<Piece> {
    let bytes = 0
    let checksum = 0
    for (const piece of pieces) {
      bytes += piece.length
      checksum = crc32(piece, checksum)
    }
    await writeAll(this.#handle, pieces, bytes)
    this.#offset += bytes
    return { bytes, crc32: checksum }
  }
}

/** A short write is taken up where it ended: the next one says why (a full disk). */
const writeAll = async (
  handle: Awaited<ReturnType<OpenFile>>,
  pieces: readonly Uint8Array[],
  bytes: number,
): Promise<void> => {
  const { bytesWritten } = await handle.writev(pieces)
  if (bytesWritten === bytes) return
  let rest = Buffer.concat(pieces).subarray(bytesWritten)
  while (rest.length > 0) {
    const { bytesWritten: more } = await handle.writev([rest])
    rest = rest.subarray(more)
  }
}
