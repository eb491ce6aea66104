import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import { recordingFingerprint } from '@tapedeck/recordings'
import { openTape } from '../../tape/index.ts'

/** What a worker has, by the fingerprint of its contents. Plain, so that threads can be handed it. */
export type DataCatalog = Readonly<Record<string, DataPlace>>
export type DataPlace = { readonly kind: 'tape' | 'file'; readonly path: string }

const MANIFEST = 'manifest.json'
const BAR_FILE = /\.csv(\.gz)?$|\.zip$/i

const isTape = (path: string): boolean => existsSync(join(path, MANIFEST))

const tapesAndFilesIn = (path: string): DataPlace[] => {
  if (!existsSync(path)) {
    throw new TapedeckError('NOT_FOUND', `there is no tape, file or folder ${path}`, {
      hint: 'Name folders that hold tapes or files of bars, or one of them itself.',
    })
  }
  if (statSync(path).isFile()) return [{ kind: 'file', path }]
  if (isTape(path)) return [{ kind: 'tape', path }]
  return readdirSync(path)
    .toSorted()
    .map((name) => join(path, name))
    .flatMap((inner): DataPlace[] => {
      if (BAR_FILE.test(inner) && statSync(inner).isFile()) return [{ kind: 'file', path: inner }]
      return isTape(inner) ? [{ kind: 'tape', path: inner }] : []
    })
}

/** How a place is named in a catalog. */
export const fingerprintOf = async ({ kind, path }: DataPlace): Promise<string> =>
  kind === 'tape' ? (await openTape(path)).fingerprint : await recordingFingerprint([path])

/**
 * Looks at folders (one level deep), tapes and files of bars. What cannot be read is told to `onSkipped`
 * and left out. Throws NOT_FOUND for a path that is not there.
 */
export const catalogData = async (
  paths: readonly string[],
  onSkipped: (path: string, why: string) => void,
): Promise<DataCatalog> => {
  const catalog: Record<string, DataPlace> = {}
  for (const place of paths.flatMap(tapesAndFilesIn)) {
    try {
      catalog[await fingerprintOf(place)] ??= place
    } catch (error) {
      onSkipped(place.path, Error.isError(error) ? error.message : String(error))
    }
  }
  return catalog
}

/** Where a data set is. Throws TRIAL_DATA_MISSING that says what is here instead. */
export const placeOf = (catalog: DataCatalog, fingerprint: string): DataPlace => {
  const place = catalog[fingerprint]
  if (place !== undefined) return place
  const here = Object.entries(catalog)
    .slice(0, 10)
    .map(([known, { path }]) => `${basename(path)} (${known.slice(0, 12)})`)
  throw new TapedeckError(
    'TRIAL_DATA_MISSING',
    `data ${fingerprint.slice(0, 12)} is not here; here are ${here.join(', ') || 'none'}`,
  )
}
