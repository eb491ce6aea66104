import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A fresh folder for one test file, which Postgres' own user can pass through. */
export const makeTestFolder = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), `tapedeck-${name}-`))
  chmodSync(folder, 0o711)
  return folder
}

/** Removes it with all that a server wrote. */
export const removeTestFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
