import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { isAlive, readSessionFile, sessionFileOf } from '../session/index.ts'

/** Kept replays; older ones are removed when another is made. */
const KEPT_MAX = 5
/** How a cluster's folder is named that could not lie in its stack's. */
const PLACED_ELSEWHERE = /^data-[0-9a-f]{12}-\w+$/

const replaysFolder = (dataDir: string): string => join(dataDir, 'replays')

const isRunning = (folder: string): boolean => {
  const session = readSessionFile(sessionFileOf(folder))
  return session !== null && isAlive(session)
}

/** Replays that were kept, newest first: their names begin with the time. */
export const keptReplays = (dataDir: string): string[] => {
  const folder = replaysFolder(dataDir)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .toSorted()
    .toReversed()
    .map((name) => join(folder, name))
}

/** A folder for a new replay: time and the fingerprint of what is played. */
export const newReplayFolder = (dataDir: string, fingerprint: string, now: number): string => {
  const time = new Date(now).toISOString().replace(/[-:]/g, '').slice(0, 15)
  return join(replaysFolder(dataDir), `${time}-${fingerprint.slice(0, 8)}`)
}

/** Removes all but the newest replays; one that still runs stays. */
export const pruneReplays = (dataDir: string): void => {
  for (const folder of keptReplays(dataDir).slice(KEPT_MAX))
    if (!isRunning(folder)) removeStackFolder(folder)
}

/** A folder that nobody keeps. Others may pass through, since Postgres does not run as root. */
export const scratchFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `tapedeck-${name}-`))
  chmodSync(folder, 0o711)
  return folder
}

/** Removes a stack's folder, and the Postgres cluster that it may have had to place elsewhere. */
export const removeStackFolder = (folder: string): void => {
  const note = join(folder, 'postgres', 'location')
  if (existsSync(note)) {
    const cluster = readFileSync(note, 'utf8').trim()
    if (PLACED_ELSEWHERE.test(basename(cluster))) rmSync(cluster, { recursive: true, force: true })
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
