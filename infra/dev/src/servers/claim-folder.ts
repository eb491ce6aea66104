import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TapedeckError } from '@tapedeck/contracts'
import { startOf, worksIn } from './process-identity.ts'

type Claim = {
  readonly pid: number
  readonly started: string | null
  readonly ownerPid: number
  readonly ownerStarted: string | null
}

const claimFile = (folder: string): string => join(folder, 'server.json')

const readClaim = (folder: string): Claim | null => {
  try {
    return JSON.parse(readFileSync(claimFile(folder), 'utf8')) as Claim
  } catch {
    return null
  }
}

const isSame = (pid: number, started: string | null): boolean =>
  started !== null && startOf(pid) === started

/**
 * Ends a server that a killed session left behind in `folder`. Throws DATA_FOLDER_IN_USE when the
 * session that started it still lives.
 */
export const endLeftover = async (folder: string, workFolder: string): Promise<void> => {
  const claim = readClaim(folder)
  if (claim === null) return
  // A pid may belong to somebody else by now: same start time and same folder, or hands off.
  if (isSame(claim.pid, claim.started) && worksIn(claim.pid, workFolder)) {
    if (isSame(claim.ownerPid, claim.ownerStarted)) {
      throw new TapedeckError(
        'DATA_FOLDER_IN_USE',
        `${folder} is in use by process ${claim.ownerPid} (server process ${claim.pid})`,
        { details: { folder, pid: claim.ownerPid } },
      )
    }
    process.kill(claim.pid, 'SIGKILL')
    while (isSame(claim.pid, claim.started)) await sleep(20)
  }
  releaseFolder(folder)
}

/** Notes which server works in `folder`, and for which session. */
export const claimFolder = (folder: string, pid: number): void => {
  const claim: Claim = {
    pid,
    started: startOf(pid),
    ownerPid: process.pid,
    ownerStarted: startOf(process.pid),
  }
  writeFileSync(claimFile(folder), JSON.stringify(claim), { mode: 0o600 })
}

/** Forgets the server of `folder`. */
export const releaseFolder = (folder: string): void => rmSync(claimFile(folder), { force: true })
