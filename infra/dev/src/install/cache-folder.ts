import { mkdir, rename, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from '../../bootstrap/with-lock.mjs'

/** The repository's root: the folder that `.tapedeck/` lies in. */
export const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..')

/** Unpacked server programs, shared by every session and test of this checkout. */
export const SERVERS_FOLDER = join(REPOSITORY, '.tapedeck', 'servers')

/**
 * Fills `SERVERS_FOLDER/<name>` once: `fill` writes into a scratch folder that becomes the final one
 * in a single rename, so a folder that exists is complete. Other processes wait for it.
 */
export const fillOnce = async (
  name: string,
  fill: (scratch: string) => Promise<void>,
  onProgress: (text: string) => void,
): Promise<string> => {
  const folder = join(SERVERS_FOLDER, name)
  if (existsSync(folder)) return folder
  await mkdir(SERVERS_FOLDER, { recursive: true })
  await withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(folder)) return
      const scratch = `${folder}.new`
      await rm(scratch, { recursive: true, force: true })
      await mkdir(scratch)
      try {
        await fill(scratch)
        await rename(scratch, folder)
      } finally {
        await rm(scratch, { recursive: true, force: true })
      }
    },
    () => onProgress(`Waiting for another process that installs ${name}`),
  )
  return folder
}
