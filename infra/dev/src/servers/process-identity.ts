import { readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { spawnSync } from 'node:child_process'

const isLinux = process.platform === 'linux'

const ps = (pid: number, column: string): string =>
  spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()

/**
 * When a process started, as an opaque text: with the pid it identifies a process for as long as the
 * machine is up. Null when there is none.
 */
export const startOf = (pid: number): string | null => {
  try {
    if (!isLinux) return ps(pid, 'lstart') || null
    // Field 22 of /proc/<pid>/stat, counted after the name, which may itself hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

/** Whether process `pid` is a server that we started in `folder`: it works there, or names it. */
export const worksIn = (pid: number, folder: string): boolean => {
  try {
    return isLinux
      ? readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder)
      : ps(pid, 'command').includes(folder)
  } catch {
    return false
  }
}
