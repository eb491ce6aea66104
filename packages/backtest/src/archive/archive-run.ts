import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'

/** One run in the archive: a folder of segments, in tape order. */
export type ArchiveRun = {
  readonly runId: string
  readonly folder: string
  /** Paths, oldest first. */
  readonly segments: readonly string[]
  readonly bytes: number
  /** Tape sequence that the first segment begins with, by its name. Orders runs of one tape. */
  readonly firstSeq: number
}

const SEGMENT = /^(\d{16})\.tape\.gz$/
const RUN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const runOf = (folder: string): ArchiveRun | null => {
  const names = readdirSync(folder)
    .filter((name) => SEGMENT.test(name))
    .toSorted()
  const first = names[0]
  if (first === undefined) return null
  const segments = names.map((name) => join(folder, name))
  return {
    runId: basename(folder),
    folder,
    segments,
    bytes: segments.reduce((sum, file) => sum + statSync(file).size, 0),
    firstSeq: Number(SEGMENT.exec(first)![1]),
  }
}

/**
 * The runs of an archive folder, in the order of their tape sequences. Throws NOT_FOUND when there is no
 * such folder. A folder without segments is no run.
 */
export const listArchiveRuns = (folder: string): ArchiveRun[] => {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new TapedeckError('NOT_FOUND', `there is no archive at ${folder}`)
  return readdirSync(folder)
    .filter((name) => RUN.test(name))
    .map((name) => runOf(join(folder, name)))
    .filter((run) => run !== null)
    .toSorted((a, b) => a.firstSeq - b.firstSeq || (a.runId < b.runId ? -1 : 1))
}
