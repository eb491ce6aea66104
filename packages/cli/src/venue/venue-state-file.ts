import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import { VENUE_STATE_VERSION, type SavedVenue } from '@tapedeck/venue-simulator'

const KIND = 'tapedeck-venue-state'
const FILE = 'venue-state.json'
const OWNER_ONLY = 0o600
const NEWLINE = 10

/** What a venue of a state folder was started with, so that it is not gone on with as something else. */
export interface VenueStateFacts {
  readonly seed: number
  readonly market: 'generated' | 'recording' | 'live'
  readonly symbols: readonly string[]
  /** Where its clock began when it had one of its own, ms; null goes by the wall. */
  readonly start: number | null
  readonly faults: string | null
  readonly fault_seed: number | null
}

export interface VenueState {
  readonly facts: VenueStateFacts
  readonly venue: SavedVenue
}

interface Header extends VenueStateFacts {
  readonly kind: string
  readonly version: number
  /** Wall time, ISO 8601: for people. */
  readonly written_at: string
  readonly sha256: string
}

export const stateFileOf = (folder: string): string => join(folder, FILE)

const invalid = (file: string, problem: string, cause?: unknown): TapedeckError =>
  new TapedeckError('VENUE_STATE_INVALID', `${file}: ${problem}`, {
    ...(cause === undefined ? {} : { cause }),
    details: { file },
    hint: 'Nothing was changed. Name another folder with --state to begin anew, or move this one away.',
  })

/** A state of other options is no error of the file: says what to pass instead. */
export const otherOptions = (folder: string, problem: string): TapedeckError =>
  invalid(stateFileOf(folder), problem)

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const parse = (file: string, text: string, what: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid(file, `${what} is damaged: expected JSON`, cause)
  }
}

/**
 * What a folder holds; null where nothing was written yet. The first line says what the second is, and its
 * checksum. Throws VENUE_STATE_INVALID for a file that is damaged, of another version or of something else.
 */
export const readVenueState = (folder: string): VenueState | null => {
  const file = stateFileOf(folder)
  if (!existsSync(file)) return null
  const bytes = readFileSync(file)
  const end = bytes.indexOf(NEWLINE)
  if (end < 0) throw invalid(file, 'the file is damaged: it ends in its first line')
  const header = parse(file, bytes.toString('utf8', 0, end), 'its first line') as Header | null
  if (header?.kind !== KIND)
    throw invalid(file, `it is of kind ${String(header?.kind)}: expected ${KIND}`)
  if (header.version !== VENUE_STATE_VERSION)
    throw invalid(
      file,
      `it is of version ${String(header.version)}, and this Tapedeck reads ${VENUE_STATE_VERSION}`,
    )
  const body = bytes.subarray(end + 1)
  if (sha256(body) !== header.sha256)
    throw invalid(file, 'the file is damaged: its checksum is not that of its first line')
  const { seed, market, symbols, start, faults, fault_seed } = header
  return {
    facts: { seed, market, symbols, start, faults, fault_seed },
    venue: parse(file, body.toString('utf8'), 'its second line') as SavedVenue,
  }
}

/**
 * Writes a folder's state in one step: whoever reads it, whenever the machine stops, finds the one from
 * before or this one, whole.
 */
export const writeVenueState = async (
  folder: string,
  { facts, venue }: VenueState,
  now: Date,
): Promise<void> => {
  const body = Buffer.from(JSON.stringify(venue))
  const header: Header = {
    kind: KIND,
    version: VENUE_STATE_VERSION,
    written_at: now.toISOString(),
    sha256: sha256(body),
    ...facts,
  }
  const file = stateFileOf(folder)
  const draft = `${file}.new`
  const handle = await open(draft, 'w', OWNER_ONLY)
  try {
    await handle.writeFile(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  await syncFolder(dirname(file))
}

/** The new name is on the disk, too. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
