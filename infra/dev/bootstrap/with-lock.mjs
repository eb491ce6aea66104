import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 200
/** Between making the folder and naming the holder nothing happens; longer means the holder died there. */
const UNNAMED_MS_MAX = 5_000

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

const isAbandoned = (folder) => {
  try {
    const holder = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    return holder > 0 && !isAlive(holder)
  } catch {
    try {
      return Date.now() - statSync(folder).mtimeMs > UNNAMED_MS_MAX
    } catch {
      return false
    }
  }
}

const tryTake = (folder) => {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
  writeFileSync(join(folder, 'pid'), String(process.pid))
  return true
}

/**
 * Runs `work` while holding a lock that other processes on this machine respect. A folder is the lock,
 * since making one is atomic; the holder's pid in it shows whether it was abandoned.
 */
export const withLock = async (folder, work, onWait = () => {}) => {
  let announced = false
  while (!tryTake(folder)) {
    if (isAbandoned(folder)) {
      rmSync(folder, { recursive: true, force: true })
      continue
    }
    if (!announced) onWait(folder)
    announced = true
    await sleep(POLL_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
