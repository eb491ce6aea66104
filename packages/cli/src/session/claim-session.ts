import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { TapedeckError } from '@tapedeck/contracts'
import { startOf } from '@tapedeck/dev'
import { type SessionFile, isAlive, readSessionFile, sessionFileOf } from './session-file.ts'

export interface Claim {
  /** What was left behind by a session that did not end in order; null after an orderly one. */
  readonly crashed: SessionFile | null
  /** Tells other commands where the services listen. */
  publish(urls: NonNullable<SessionFile['urls']>): void
  /** Gives the folder back. */
  release(): void
}

const inUse = (dataDir: string, { pid, urls }: SessionFile): TapedeckError =>
  new TapedeckError(
    'DATA_FOLDER_IN_USE',
    `Tapedeck already runs on ${dataDir}, as process ${pid}`,
    {
      details: { folder: dataDir, pid },
      hint: `${urls === null ? '' : `It serves ${urls.gateway}. `}Stop it (Ctrl-C there, or kill ${pid}), or give this one --data and --port of its own.`,
    },
  )

/** A folder that cannot be made or written to, as what it is: a folder to choose another one for, or a full disk. */
const unusable = (dataDir: string, error: unknown): unknown => {
  const { code, syscall, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new TapedeckError('DISK_FULL', `no space left for the data folder ${dataDir}`, {
      cause: error,
    })
  if (syscall === undefined) return error
  return new TapedeckError(
    'CONFIG_INVALID',
    `the data folder ${dataDir} cannot be used: ${message}`,
    {
      cause: error,
      details: { folder: dataDir },
      hint: 'Expected a folder that this user may make and write to; name another one.',
    },
  )
}

/**
 * Takes a data folder for this process. The file appears with its contents in one step (a link), so that
 * two starts at once cannot both have it. Throws DATA_FOLDER_IN_USE while another process that lives has it,
 * CONFIG_INVALID where it cannot be made or written to, DISK_FULL.
 */
export const claimSession = (dataDir: string): Claim => {
  try {
    return claim(dataDir)
  } catch (error) {
    throw unusable(dataDir, error)
  }
}

const claim = (dataDir: string): Claim => {
  mkdirSync(dataDir, { recursive: true })
  const file = sessionFileOf(dataDir)
  const own: SessionFile = {
    pid: process.pid,
    started: startOf(process.pid),
    since: Date.now(),
    urls: null,
  }
  const crashed = take(dataDir, file, own)
  return {
    crashed,
    publish: (urls) => replace(file, { ...own, urls }),
    release: () => {
      if (readSessionFile(file)?.pid === own.pid) rmSync(file, { force: true })
    },
  }
}

const draftOf = (file: string): string => `${file}.${process.pid}`

const replace = (file: string, session: SessionFile): void => {
  const draft = draftOf(file)
  writeFileSync(draft, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}

/** Links the draft into place; what stood there is returned when its process is gone. */
const take = (dataDir: string, file: string, own: SessionFile): SessionFile | null => {
  const draft = draftOf(file)
  writeFileSync(draft, `${JSON.stringify(own, null, 2)}\n`, { mode: 0o600 })
  let crashed: SessionFile | null = null
  try {
    for (;;) {
      try {
        linkSync(draft, file)
        return crashed
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const found = readSessionFile(file)
      if (found !== null && isAlive(found)) throw inUse(dataDir, found)
      if (removeStale(file)) crashed = found
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Moves a dead session's file away. Another start may have been faster and put its own there: then that
 * one is put back.
 */
const removeStale = (file: string): boolean => {
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  const moved = readSessionFile(aside)
  const alive = moved !== null && isAlive(moved)
  if (alive) writeFileSync(file, readFileSync(aside), { mode: 0o600 })
  rmSync(aside, { force: true })
  return !alive
}
