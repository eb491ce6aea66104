import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Servers that were just killed may still write. */
const WHOLE = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const

/** A fresh `--data` folder for a session. */
export const makeSessionFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `tapedeck-${name}-`))
  // Postgres does not run as root, and must be able to pass through.
  chmodSync(folder, 0o711)
  return folder
}

/** Removes it, and the cluster that Postgres may have had to keep elsewhere. */
export const removeSessionFolder = (folder: string): void => {
  const note = join(folder, 'postgres', 'location')
  const cluster = existsSync(note) ? readFileSync(note, 'utf8').trim() : ''
  if (/^data-[0-9a-f]{12}-\w+$/.test(basename(cluster))) rmSync(cluster, WHOLE)
  rmSync(folder, WHOLE)
}
