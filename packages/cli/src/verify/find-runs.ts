import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type ArchiveRun, listArchiveRuns } from '@tapedeck/backtest'
import { TapedeckError } from '@tapedeck/contracts'
import { keptReplays } from '../playback/index.ts'

/** What of an archive is asked for. */
export type RunScope =
  | { readonly kind: 'all' }
  | { readonly kind: 'last' }
  | { readonly kind: 'date'; readonly date: string }
  | { readonly kind: 'id'; readonly id: string }

export interface ArchivePlaces {
  readonly mainDataDir: string
  /** An archive folder instead of those of the data folder. */
  readonly archive: string | undefined
}

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** `last`, a session's date, or an id: of a run, or of anything that a run decided. */
export const scopeOf = (what: string | undefined): RunScope => {
  if (what === undefined) return { kind: 'all' }
  if (what === 'last') return { kind: 'last' }
  return DATE.test(what) ? { kind: 'date', date: what } : { kind: 'id', id: what }
}

/** The archive of the data folder, then those of the kept replays, newest first. */
const archivesOf = ({ mainDataDir, archive }: ArchivePlaces): string[] => {
  if (archive !== undefined) return [archive]
  return [mainDataDir, ...keptReplays(mainDataDir)]
    .map((folder) => join(folder, 'archive'))
    .filter((folder) => existsSync(folder))
}

const writtenAt = (run: ArchiveRun): number => statSync(run.segments.at(-1)!).mtimeMs

const newestFirst = (runs: readonly ArchiveRun[]): ArchiveRun[] =>
  runs.toSorted((a, b) => writtenAt(b) - writtenAt(a))

/**
 * The runs that a scope may be about. All of them: those of the data folder (or the archive that was
 * named) alone, in the order of the tape. Else runs of the kept replays too, the one written last
 * first; a run's id names that one. Throws NOT_FOUND where there is nothing to look into.
 */
export const findRuns = (places: ArchivePlaces, scope: RunScope): ArchiveRun[] => {
  const archives = archivesOf(places)
  const own = places.archive ?? join(places.mainDataDir, 'archive')
  const folders = scope.kind === 'all' ? [own] : archives
  const runs = folders.flatMap((folder) => (existsSync(folder) ? listArchiveRuns(folder) : []))
  if (runs.length === 0)
    throw new TapedeckError('NOT_FOUND', `nothing is archived at ${folders.join(', ') || own}`, {
      hint:
        scope.kind === 'all' && archives.length > 0
          ? 'There are kept replays: tapedeck verify last takes the newest of them.'
          : '--data names another data folder, --archive an archive.',
    })
  if (scope.kind === 'all') return runs
  const ordered = newestFirst(runs)
  if (scope.kind === 'last') return ordered.slice(0, 1)
  const named = scope.kind === 'id' ? ordered.find(({ runId }) => runId === scope.id) : undefined
  return named === undefined ? ordered : [named]
}
