import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib'
import { isError, recordingInvalid } from './recording-error.ts'

const READ_BYTES = 64 * 1024
const PLAIN_BYTES = 512 * 1024
const INFLATE_BYTES = 256 * 1024
const ZIP_ENTRY = 0x04034b50
const ZIP_END = 0x06054b50
const ZIP_ENTRY_HEADER = 30
/** A zip's end record is 22 bytes and a comment of at most 65,535. */
const ZIP_END_MAX = 22 + 65_535

export type Packing = 'plain' | 'gz' | 'zip'

const readAt = async (file: string, from: number, length: number): Promise<Buffer> => {
  const handle = await open(file, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, from)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** How a file is packed, by its first bytes, never by its name. */
const packingOf = async (file: string): Promise<Packing> => {
  const head = await readAt(file, 0, 4)
  if (head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b) return 'gz'
  return head.length === 4 && head.readUInt32LE(0) === ZIP_ENTRY ? 'zip' : 'plain'
}

/**
 * Runs compressed bytes through zlib. Everything that could be unpacked is yielded before an error is
 * thrown, so that a truncated file is read up to where it ends. (An async iterator over the zlib stream
 * would drop what it had buffered.)
 */
async function* inflate(
  compressed: AsyncIterable<Buffer>,
  inflater: Gunzip | InflateRaw,
): AsyncGenerator<Buffer, void, undefined> {
  const unpacked: Buffer[] = []
  const state: { error: Error | null; ended: boolean } = { error: null, ended: false }
  inflater.on('data', (chunk: Buffer) => unpacked.push(chunk))
  inflater.on('error', (error: Error) => (state.error = error))
  inflater.on('end', () => (state.ended = true))
  try {
    for await (const chunk of compressed) {
      await settled(inflater, (done) => inflater.write(chunk, done))
      yield* unpacked.splice(0)
      if (state.error !== null || state.ended) break
    }
    if (state.error === null && !state.ended) {
      await settled(inflater, () => inflater.end())
      yield* unpacked.splice(0)
    }
    if (state.error !== null) throw state.error
  } finally {
    inflater.destroy()
  }
}

/** Waits until a write was taken, or the stream ended or failed instead. */
const settled = (stream: Gunzip | InflateRaw, act: (done: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stream.off('end', done)
      stream.off('close', done)
      stream.off('error', done)
      resolve()
    }
    stream.once('end', done)
    stream.once('close', done)
    stream.once('error', done)
    act(done)
  })

const streamOf = (file: string, start = 0): AsyncIterable<Buffer> =>
  createReadStream(file, { highWaterMark: READ_BYTES, start })

/** Offset of the only entry's data. The entry is read from its own header: a truncated zip has no directory. */
const zipDataOffset = async (
  file: string,
): Promise<{ at: number; stored: boolean; size: number }> => {
  const header = await readAt(file, 0, ZIP_ENTRY_HEADER)
  if (header.length < ZIP_ENTRY_HEADER)
    throw recordingInvalid({ file }, `the zip ends after ${header.length} bytes`)
  const method = header.readUInt16LE(8)
  if ((header.readUInt16LE(6) & 1) === 1) throw recordingInvalid({ file }, 'the zip is encrypted')
  if (method !== 0 && method !== 8)
    throw recordingInvalid({ file }, `zip method ${method}, expected stored (0) or deflate (8)`)
  const { size: bytes } = await stat(file)
  const tail = await readAt(file, Math.max(0, bytes - ZIP_END_MAX), ZIP_END_MAX)
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end >= 0 && end + 12 <= tail.length && tail.readUInt32LE(end) === ZIP_END) {
    const entries = tail.readUInt16LE(end + 10)
    if (entries !== 1)
      throw recordingInvalid({ file }, `the zip holds ${entries} files, expected one`)
  }
  const at = ZIP_ENTRY_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28)
  return { at, stored: method === 0, size: header.readUInt32LE(18) }
}

async function* readStored(
  file: string,
  at: number,
  size: number,
): AsyncGenerator<Buffer, void, undefined> {
  let left = size
  for await (const chunk of streamOf(file, at)) {
    yield chunk.subarray(0, left)
    left -= Math.min(left, chunk.length)
    if (left === 0) return
  }
  if (left > 0) throw new Error('unexpected end of file')
}

/** The bytes of a file as it is, by two buffers: one is being filled while the other is being read. */
async function* readPlain(file: string): AsyncGenerator<Buffer, void, undefined> {
  const handle = await open(file, 'r')
  const buffers = [Buffer.alloc(PLAIN_BYTES), Buffer.alloc(PLAIN_BYTES)] as const
  const fill = (turn: number): Promise<Buffer> => {
    const buffer = buffers[turn % 2]!
    const reading = handle
      .read(buffer, 0, PLAIN_BYTES)
      .then(({ bytesRead }) => buffer.subarray(0, bytesRead))
    // Awaited below, or given up with the file.
    reading.catch(() => undefined)
    return reading
  }
  let next = fill(0)
  try {
    for (let turn = 1; ; turn++) {
      const bytes = await next
      if (bytes.length === 0) return
      next = fill(turn)
      yield bytes
    }
  } finally {
    await next.catch(() => undefined)
    await handle.close()
  }
}

/**
 * The unpacked bytes of a file: plain, gz or zip. Memory is used again: bytes hold until the next ones
 * are asked for. A damaged archive throws after all that it held.
 */
export async function* readBytes(file: string): AsyncGenerator<Buffer, void, undefined> {
  const packing = await packingOf(file)
  if (packing === 'plain') {
    yield* readPlain(file)
    return
  }
  let bytes = 0
  const source = async function* (): AsyncGenerator<Buffer, void, undefined> {
    if (packing === 'gz') {
      yield* inflate(streamOf(file), createGunzip({ chunkSize: INFLATE_BYTES }))
      return
    }
    const { at, stored, size } = await zipDataOffset(file)
    if (stored) yield* readStored(file, at, size)
    else yield* inflate(streamOf(file, at), createInflateRaw({ chunkSize: INFLATE_BYTES }))
  }
  try {
    for await (const chunk of source()) {
      bytes += chunk.length
      yield chunk
    }
  } catch (error) {
    if (!isZlibError(error)) throw error
    const { size } = await stat(file)
    throw recordingInvalid(
      { file },
      `the ${packing} of ${size} bytes is truncated or damaged after ${bytes} unpacked bytes (${error.message}), expected a complete archive`,
      { bytes },
      error,
    )
  }
}

const isZlibError = (error: unknown): error is Error =>
  isError(error) &&
  (String((error as { code?: unknown }).code).startsWith('Z_') ||
    error.message === 'unexpected end of file')
