import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'

const OWNER_ONLY = 0o600
/** What a file system says that has no links. */
const NO_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
])

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

const exists = (file: string, cause?: unknown): TapedeckError =>
  new TapedeckError('OUTPUT_EXISTS', `${file} exists already`, cause === undefined ? {} : { cause })

/** The new name is on the disk, too. */
const syncFolder = (folder: string): void => {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Gives the draft its name, where nothing has it: a link is refused where a rename would replace. */
const name = (draft: string, file: string): void => {
  try {
    linkSync(draft, file)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw exists(file, error)
    if (!NO_LINKS.has(codeOf(error))) throw error
    if (existsSync(file)) throw exists(file, error)
    renameSync(draft, file)
  }
}

/**
 * Writes a file that its owner alone may read, whole or not at all: a disk that is full leaves none behind that would be
 * taken for a key. Throws OUTPUT_EXISTS rather than replace one, and what the system says.
 */
export const writeNewSecretFile = (file: string, text: string): void => {
  if (existsSync(file)) throw exists(file)
  const draft = `${file}.${process.pid}.part`
  rmSync(draft, { force: true })
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: OWNER_ONLY, flush: true })
    name(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(dirname(file))
}
