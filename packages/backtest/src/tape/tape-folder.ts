import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import { MANIFEST } from './tape-manifest.ts'

const exists = async (path: string): Promise<boolean> =>
  await stat(path).then(
    () => true,
    () => false,
  )

/** What a manifest of ours says, whole or damaged. */
const OURS = '"tapedeck-tape"'

/** Folders that may be replaced: tapes with nothing else in them, and empty ones. Nothing else is ever removed. */
const isReplaceable = async (folder: string): Promise<boolean> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => null)
  if (entries === null) return false
  const files = entries.filter((entry) => !entry.isDirectory())
  if (files.length === 0) return entries.length === 0
  const manifest = await readFile(join(folder, MANIFEST), 'utf8').catch(() => '')
  return (
    manifest.includes(OURS) &&
    files.every(({ name }) => name === MANIFEST || name.endsWith('.arrow'))
  )
}

/** What keeps a folder from being made, in words; a full disk is told from it elsewhere. */
const notMade = (target: string, error: unknown): unknown => {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined || code === 'ENOSPC' || code === 'EDQUOT') return error
  return new TapedeckError('VALIDATION_FAILED', `${target} cannot be made (${message})`, {
    cause: error,
    hint: 'Name an --output below a folder that can be written to.',
  })
}

/**
 * A tape's folder while it is made: everything is written beside the target under a name of its own, and
 * takes the target's name when it is complete.
 */
export class TapeFolder {
  readonly #target: string
  readonly #force: boolean
  readonly path: string

  private constructor(target: string, force: boolean) {
    this.#target = target
    this.#force = force
    this.path = join(
      dirname(target),
      `.${basename(target)}.unfinished-${randomBytes(4).toString('hex')}`,
    )
  }

  /**
   * Throws OUTPUT_EXISTS when the target is there, unless `force` and it is a tape or empty;
   * VALIDATION_FAILED where no folder can be made.
   */
  static async create(target: string, force: boolean): Promise<TapeFolder> {
    const folder = new TapeFolder(target, force)
    await folder.#assertFree()
    await mkdir(folder.path, { recursive: true }).catch((error: unknown) => {
      throw notMade(target, error)
    })
    return folder
  }

  /** Writes the manifest, the last file, and gives the folder its name. */
  async finish(manifest: string): Promise<void> {
    const handle = await open(join(this.path, MANIFEST), 'wx')
    try {
      await handle.writeFile(manifest)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await this.#assertFree()
    if (await exists(this.#target)) {
      const old = `${this.path}-replaced`
      await rename(this.#target, old)
      await rename(this.path, this.#target)
      await rm(old, { recursive: true, force: true })
    } else await rename(this.path, this.#target)
    await syncFolder(dirname(this.#target))
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }

  async #assertFree(): Promise<void> {
    if (!(await exists(this.#target))) return
    if (!this.#force)
      throw new TapedeckError('OUTPUT_EXISTS', `${this.#target} exists, expected a new folder`)
    if (!(await isReplaceable(this.#target)))
      throw new TapedeckError(
        'OUTPUT_EXISTS',
        `${this.#target} exists and is not a tape, or not only: it is not replaced`,
        { hint: 'Name another folder.' },
      )
  }
}

/** Makes a rename survive a power failure, where folders can be synced. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}
