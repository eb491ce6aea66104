import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { ArrowDecoder, columnsText, type ArrowBatch } from '@tapedeck/columnar'
import type { Instrument } from '@tapedeck/contracts'
import { tapeInvalid, type TapePlace } from './tape-error.ts'
import { columnsOf, metadataOf } from './tape-layout.ts'
import type { TapeBatch, TapeFile } from './tape-manifest.ts'

/** Memory for the bytes of one batch, used again for the next one of whatever file. */
export class BlockBuffer {
  #bytes = new Uint8Array(0)

  take(length: number): Uint8Array {
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(Math.ceil(length * 1.25))
    return this.#bytes.subarray(0, length)
  }
}

/**
 * Reads the batches of one file. No byte is interpreted before its checksum was found right, so damage is
 * an error that names its place, and never a wrong value.
 */
export class BatchReader {
  readonly #handle: FileHandle
  readonly #file: TapeFile
  readonly #decoder: ArrowDecoder

  private constructor(handle: FileHandle, file: TapeFile, decoder: ArrowDecoder) {
    this.#handle = handle
    this.#file = file
    this.#decoder = decoder
  }

  /** Opens a file and checks everything but its batches. */
  static async open(folder: string, file: TapeFile, instrument: Instrument): Promise<BatchReader> {
    const handle = await openFile(folder, file)
    try {
      const expected = metadataOf(instrument, file.kind)
      const info = await handle.stat()
      if (!info.isFile()) throw tapeInvalid({ file: file.path }, 'is not a file')
      const head = await readPiece(handle, file.path, 0, Math.min(info.size, file.head.bytes))
      const place = { file: file.path, bytes: [0, head.length] } as const
      // Whose file it is comes first: one of another tape has another size as well.
      const other = otherIdentity(head, expected)
      if (other !== null)
        throw tapeInvalid(
          place,
          `does not say ${other} as the manifest does: it is damaged, or of another tape`,
        )
      checkSize(info.size, file)
      if (crc32(head) !== file.head.crc32)
        throw tapeInvalid(place, 'its start (magic, schema) was changed since it was written')
      const tailAt = file.bytes - file.tail.bytes
      const tail = await readPiece(handle, file.path, tailAt, file.tail.bytes)
      if (crc32(tail) !== file.tail.crc32)
        throw tapeInvalid(
          { file: file.path, bytes: [tailAt, file.bytes] },
          'its end (the footer) was changed since it was written',
        )
      return new BatchReader(handle, file, decoderOf(head, file, expected))
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** One batch; its columns are views of `into`. */
  async read(index: number, into: BlockBuffer): Promise<ArrowBatch> {
    const batch = this.#file.batches[index]!
    const bytes = into.take(batch.bytes)
    const place = placeOf(this.#file, index)
    await fill(this.#handle, bytes, batch.offset, place)
    if (crc32(bytes) !== batch.crc32)
      throw tapeInvalid(place, 'was changed since it was written: its checksum is another', {
        rows: rowsBefore(this.#file, index),
      })
    const decoded = this.#decoder.batch(bytes)
    if (decoded.rows !== batch.rows)
      throw tapeInvalid(place, `${decoded.rows} rows, expected ${batch.rows}`)
    return decoded
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

export const placeOf = (file: TapeFile, index: number): TapePlace => {
  const { offset, bytes } = file.batches[index]!
  return { file: file.path, batch: index, bytes: [offset, offset + bytes] }
}

/** Rows of the file that stand before a batch. */
export const rowsBefore = (file: TapeFile, index: number): number =>
  file.batches.slice(0, index).reduce((sum, { rows }) => sum + rows, 0)

/** The latest time of a file's rows. */
export const latestOf = ({ batches }: { readonly batches: readonly TapeBatch[] }): number =>
  batches.reduce((most, { time_max: at }) => Math.max(most, at), 0)

const openFile = async (folder: string, file: TapeFile): Promise<FileHandle> => {
  try {
    return await open(join(folder, file.path), 'r')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const problem = code === 'ENOENT' ? 'is missing' : `cannot be opened (${message})`
    throw tapeInvalid({ file: file.path }, problem, {}, error)
  }
}

const checkSize = (size: number, file: TapeFile): void => {
  if (size === file.bytes) return
  const cut = file.batches.findIndex(({ offset, bytes }) => offset + bytes > size)
  const where =
    cut < 0 ? '' : `; it ends within batch ${cut}, after row ${rowsBefore(file, cut) - 1}`
  throw tapeInvalid(
    { file: file.path, bytes: [Math.min(size, file.bytes), Math.max(size, file.bytes)] },
    `has ${size} bytes, expected ${file.bytes}${size < file.bytes ? where : ''}`,
    { size },
  )
}

const readPiece = async (
  handle: FileHandle,
  path: string,
  at: number,
  length: number,
): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length)
  await fill(handle, bytes, at, { file: path, bytes: [at, at + length] })
  return bytes
}

const fill = async (
  handle: FileHandle,
  bytes: Uint8Array,
  at: number,
  place: TapePlace,
): Promise<void> => {
  let read = 0
  while (read < bytes.length) {
    const { bytesRead } = await handle
      .read(bytes, read, bytes.length - read, at + read)
      .catch((error: unknown) => {
        throw tapeInvalid(place, `cannot be read (${(error as Error).message})`, {}, error)
      })
    if (bytesRead === 0) throw tapeInvalid(place, `ends after ${at + read} bytes`)
    read += bytesRead
  }
}

/** What a file should say of itself and does not. It stands in its schema as plain text. */
const otherIdentity = (head: Uint8Array, expected: Record<string, string>): string | null => {
  const text = Buffer.from(head).toString('latin1')
  if (!text.startsWith('ARROW1')) return null
  const other = Object.entries(expected).find(
    ([, value]) => !text.includes(`${lengthPrefix(value)}${value}\0`),
  )
  return other === undefined ? null : `${other[0]} ${other[1]}`
}

/** Texts in a schema come after their length, 32 bits, little-endian. */
const lengthPrefix = (text: string): string => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(text.length)
  return bytes.toString('latin1')
}

const decoderOf = (
  head: Uint8Array,
  { path, kind }: TapeFile,
  expected: Record<string, string>,
): ArrowDecoder => {
  const decoder = new ArrowDecoder(head)
  const columns = columnsText(columnsOf(kind))
  if (decoder.columns !== columns)
    throw tapeInvalid({ file: path }, `columns are ${decoder.columns}, expected ${columns}`)
  for (const [name, value] of Object.entries(expected))
    if (decoder.metadata.get(name) !== value)
      throw tapeInvalid(
        { file: path },
        `${name} is ${decoder.metadata.get(name) ?? 'missing'}, the manifest says ${value}`,
        { field: name },
      )
  return decoder
}
