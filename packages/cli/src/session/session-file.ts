import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceName } from '@tapedeck/contracts'
import { startOf } from '@tapedeck/dev'

/** The session that runs on a data folder, as it tells other commands of itself. */
export interface SessionFile {
  readonly pid: number
  /** When that process started: a pid alone may belong to somebody else by now. */
  readonly started: string | null
  readonly since: number
  /** Null until the services listen. */
  readonly urls: Readonly<Record<ServiceName, string>> | null
}

export const sessionFileOf = (dataDir: string): string => join(dataDir, 'session.json')

/** What a session file says; null when there is none or it cannot be read. */
export const readSessionFile = (file: string): SessionFile | null => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SessionFile
  } catch {
    return null
  }
}

/** Whether the process that wrote the file still lives. */
export const isAlive = ({ pid, started }: Pick<SessionFile, 'pid' | 'started'>): boolean =>
  started !== null && startOf(pid) === started
