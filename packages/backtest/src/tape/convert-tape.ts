import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import type { TapeManifest } from './tape-manifest.ts'
import type { TapeSource } from './tape-source.ts'
import { TapeWriter, type TapeWriterOptions } from './tape-writer.ts'

export type ConvertOptions = Pick<
  TapeWriterOptions,
  'output' | 'force' | 'converter' | 'openFile'
> & {
  /** Keeps what comes before damage of the source as a tape that says so. */
  readonly keepPartial?: boolean
  readonly onProgress?: (rows: number) => void
  readonly signal?: AbortSignal
}

export type Converted = {
  readonly manifest: TapeManifest
  /** What was wrong with the source, when the tape holds what comes before. */
  readonly damage: TapedeckError | null
}

/** What is wrong with a source, as opposed to a disk or a defect. */
const DAMAGES: ReadonlySet<unknown> = new Set(['RECORDING_INVALID', 'ARCHIVE_DAMAGED'])

const isDamage = (error: unknown): error is TapedeckError =>
  typeof error === 'object' && error !== null && DAMAGES.has((error as { code?: unknown }).code)

/**
 * Makes a tape of a source. The folder appears when everything is written.
 *
 * When the source is damaged, nothing is kept unless `keepPartial`; either way the place is named. Throws
 * RECORDING_INVALID, ARCHIVE_DAMAGED, OUTPUT_EXISTS, DISK_FULL, and the signal's reason; nothing of an
 * aborted conversion stays behind.
 */
export const convertTape = async (
  source: TapeSource,
  options: ConvertOptions,
): Promise<Converted> => {
  const { output, force, converter, openFile, keepPartial = false } = options
  const writer = await TapeWriter.create({
    output,
    instruments: source.instruments,
    composer: source.composer,
    ...(force === undefined ? {} : { force }),
    ...(converter === undefined ? {} : { converter }),
    ...(openFile === undefined ? {} : { openFile }),
  })
  try {
    const damage = await readInto(writer, source, options)
    if (damage !== null && (!keepPartial || writer.rows === 0)) throw notKept(damage, writer.rows)
    assertWorthwhile(source, writer)
    const files = await describeFiles(source.files, options.signal)
    const manifest = await writer.finish({
      source: { format: source.format, files },
      partial: damage?.message ?? null,
    })
    return { manifest, damage }
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

/** Reads a source to its end, or to its damage, which is returned. */
const readInto = async (
  writer: TapeWriter,
  source: TapeSource,
  { onProgress, signal }: ConvertOptions,
): Promise<TapedeckError | null> => {
  const symbol = source.instruments[0]?.symbol ?? ''
  const next = (): void => {
    signal?.throwIfAborted()
    onProgress?.(writer.rows)
  }
  try {
    if (source.columns === undefined)
      for await (const events of source.events()) {
        await writer.push(events)
        next()
      }
    else
      for await (const { count, ...columns } of source.columns()) {
        await writer.pushTrades(symbol, { ...columns, excluded: null }, 0, count)
        next()
      }
    return null
  } catch (error) {
    // What the writer refused has left it in the middle of a row.
    if (isDamage(error) && !writer.hasFailed) return error
    throw error
  }
}

const notKept = (damage: TapedeckError, rows: number): TapedeckError =>
  new TapedeckError(damage.code, damage.message, {
    cause: damage,
    details: { ...damage.details, rows },
    hint:
      rows === 0
        ? damage.hint
        : `Nothing was kept. --keep-partial makes a tape of the ${rows} rows before that place.`,
  })

/** A tape of clocks alone would look like a market in which nothing happens. */
const assertWorthwhile = ({ format }: TapeSource, writer: TapeWriter): void => {
  if (writer.hasMarketData) return
  const about =
    format === 'archive'
      ? 'the archived run holds neither prints nor a book (a run of klines is converted from its klines)'
      : 'the source holds no market data'
  throw new TapedeckError('RECORDING_INVALID', `${about}, expected some`)
}

const describeFiles = async (
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<TapeManifest['source']['files']> => {
  const files = []
  for (const path of paths) {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      signal?.throwIfAborted()
      hash.update(chunk as Buffer)
      bytes += (chunk as Buffer).length
    }
    files.push({ name: basename(path), bytes, sha256: hash.digest('hex') })
  }
  return files
}
