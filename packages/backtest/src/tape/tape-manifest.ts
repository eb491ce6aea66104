import { createHash } from 'node:crypto'
import { Instrument, Timeframe } from '@tapedeck/contracts'
import { z } from 'zod'
import { tapeInvalid } from './tape-error.ts'
import { TAPE_VERSION, pathOf, periodOf } from './tape-layout.ts'

export const MANIFEST = 'manifest.json'
const FORMAT = 'tapedeck-tape'

const Count = z.int().min(0)
const Crc32 = z.int().min(0).max(0xffff_ffff)
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Kind = z.union([
  z.enum(['trades', 'depth', 'quotes', 'marks', 'feed', 'clock']),
  z.templateLiteral(['bars-', Timeframe]),
])

const Batch = z.object({
  /** First byte of the batch in its file, and how many there are. */
  offset: Count,
  bytes: z.int().min(8),
  crc32: Crc32,
  rows: z.int().min(1),
  first_order: Count,
  last_order: Count,
  /** Earliest and latest time of its rows: of prints their own, else the time the source had reached. */
  time_min: Count,
  time_max: Count,
})

const File = z.object({
  path: z.string(),
  symbol: z.string(),
  kind: Kind,
  rows: z.int().min(1),
  bytes: Count,
  /** Of prints: the ids of the first and the last row. */
  first_id: Count.nullable(),
  last_id: Count.nullable(),
  /** What stands before the first batch (magic, schema) and behind the last (footer, magic). */
  head: z.object({ bytes: z.int().min(8), crc32: Crc32 }),
  tail: z.object({ bytes: z.int().min(8), crc32: Crc32 }),
  batches: z.array(Batch).min(1),
})

const Gap = z.object({
  symbol: z.string(),
  kind: Kind,
  /** Ids of prints, or open times of bars: first and last that are missing. */
  missing_from: Count,
  missing_to: Count,
  missing: z.int().min(1),
  /** Times of the rows around the hole. */
  from: Count,
  to: Count,
})

const Lane = z.object({
  symbol: z.string(),
  kind: Kind,
  rows: Count,
  /** Ids or bars that are missing in all, whether their gap is listed or not. */
  missing: Count,
  gaps: Count,
  /** Ids that were there before, or came too late. */
  repeated: Count,
  /** Rows whose time lies before an earlier row's, and by how much at most, ms. */
  fallen: Count,
  fallen_max: Count,
})

const Manifest = z.object({
  format: z.literal(FORMAT),
  version: z.literal(TAPE_VERSION),
  converter: z.string(),
  instruments: z.array(Instrument).min(1),
  source: z.object({
    format: z.string(),
    files: z.array(z.object({ name: z.string(), bytes: Count, sha256: Sha256 })),
  }),
  /** What a composer has to know of the source: klines set the shortest bar and the clock. */
  composer: z.object({ base: Timeframe.optional(), clockMs: z.int().min(1).optional() }),
  /** Why the source was not read to its end; null when it was. */
  partial: z.string().nullable(),
  rows: z.int().min(1),
  from: Count,
  /** Half open. */
  to: Count,
  lanes: z.array(Lane),
  /** The first of them: of each lane at most 1000. */
  gaps: z.array(Gap),
  files: z.array(File).min(1),
})

export type TapeManifest = z.infer<typeof Manifest>
export type TapeFile = z.infer<typeof File>
export type TapeBatch = z.infer<typeof Batch>
export type TapeGap = z.infer<typeof Gap>
export type TapeLane = z.infer<typeof Lane>

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Indented JSON whose last key is the checksum of everything before it. */
const textOf = (manifest: TapeManifest): string => {
  const checksum = sha256(JSON.stringify(manifest))
  return `${JSON.stringify({ ...manifest, checksum }, null, 1)}\n`
}

/** The text of a manifest. It is parsed for the order of its keys: the same tape has the same text. */
export const manifestText = (manifest: TapeManifest): string => textOf(Manifest.parse(manifest))

/** Names the data: SHA-256 of the manifest's text, which holds a checksum of every byte of the files. */
export const manifestFingerprint = (manifest: TapeManifest): string =>
  sha256(manifestText(manifest))

const asObject = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (error) {
    throw tapeInvalid({ file: MANIFEST }, `is not JSON (${String(error).slice(0, 120)})`, {}, error)
  }
  throw tapeInvalid({ file: MANIFEST }, 'is not a JSON object')
}

/** Reads the text of a manifest. Throws TAPE_FILE_INVALID: not one, of a newer version, or changed since it was written. */
export const parseManifest = (
  text: string,
): { readonly manifest: TapeManifest; readonly fingerprint: string } => {
  const { checksum, ...rest } = asObject(text)
  const place = { file: MANIFEST }
  if (rest['format'] !== FORMAT)
    throw tapeInvalid(place, `format is ${JSON.stringify(rest['format'])}, expected "${FORMAT}"`)
  const { version } = rest
  if (typeof version === 'number' && version > TAPE_VERSION)
    throw tapeInvalid(
      place,
      `version ${version} is newer than this program, which reads ${TAPE_VERSION}: update it`,
      { version },
    )
  const parsed = Manifest.safeParse(rest)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw tapeInvalid(place, `${path.join('.')}: ${message}`, { field: path.join('.') })
  }
  if (typeof checksum !== 'string' || text !== textOf(parsed.data))
    throw tapeInvalid(place, 'was changed since it was written: its checksum is another')
  const problem = inconsistency(parsed.data)
  if (problem !== null) throw tapeInvalid(place, problem)
  return { manifest: parsed.data, fingerprint: sha256(text) }
}

/** What the files say must fit together; a converter that writes otherwise has a defect. */
const inconsistency = ({ files, instruments, rows }: TapeManifest): string | null => {
  const last = new Map<string, TapeBatch>()
  for (const file of files) {
    const lane = `${file.symbol}/${file.kind}`
    if (!instruments.some(({ symbol }) => symbol === file.symbol))
      return `${file.path}: symbol ${file.symbol} is not among the instruments`
    let at = file.head.bytes
    let count = 0
    for (const [i, batch] of file.batches.entries()) {
      const before = last.get(lane)
      if (batch.offset !== at)
        return `${file.path} batch ${i}: offset ${batch.offset}, expected ${at}`
      if (batch.last_order - batch.first_order < batch.rows - 1 || batch.time_max < batch.time_min)
        return `${file.path} batch ${i}: ${batch.rows} rows do not fit its order or times`
      if (before !== undefined && batch.first_order <= before.last_order)
        return `${file.path} batch ${i}: order ${batch.first_order} does not rise`
      last.set(lane, batch)
      at += batch.bytes
      count += batch.rows
    }
    if (at + file.tail.bytes !== file.bytes)
      return `${file.path}: ${file.bytes} bytes, expected ${at + file.tail.bytes}`
    if (count !== file.rows) return `${file.path}: ${file.rows} rows, its batches have ${count}`
    if (file.path !== expectedPath(file))
      return `${file.path}: expected the name ${expectedPath(file)}`
  }
  const total = files.reduce((sum, file) => sum + file.rows, 0)
  return total === rows ? null : `rows ${rows}, the files have ${total}`
}

/** A file is named after the period of its first rows, the latest of which opened it. */
const expectedPath = ({ symbol, kind, batches }: TapeFile): string =>
  pathOf(symbol, kind, periodOf(kind, batches[0]!.time_max))
