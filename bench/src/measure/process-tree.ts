import { readFileSync, readdirSync } from 'node:fs'

/** `sysconf(_SC_CLK_TCK)` and the page size of every Linux that Node runs on by default. */
const TICKS_A_SECOND = 100
const PAGE_BYTES = 4096

/** What the kernel says of a process. Linux only. */
interface ProcessFacts {
  readonly parent: number
  /** CPU seconds of the process, and of its children that have ended. */
  readonly cpuSeconds: number
  readonly residentBytes: number
}

const factsOf = (pid: number | 'self'): ProcessFacts | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may hold spaces.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const ticks = fields[11]! + fields[12]! + fields[13]! + fields[14]!
    return {
      parent: fields[1]!,
      cpuSeconds: ticks / TICKS_A_SECOND,
      residentBytes: fields[21]! * PAGE_BYTES,
    }
  } catch {
    return null
  }
}

const allFacts = (): Map<number, ProcessFacts> => {
  const all = new Map<number, ProcessFacts>()
  for (const name of readdirSync('/proc')) {
    const facts = /^\d+$/.test(name) ? factsOf(Number(name)) : null
    if (facts !== null) all.set(Number(name), facts)
  }
  return all
}

const isBelow = (all: ReadonlyMap<number, ProcessFacts>, pid: number, root: number): boolean => {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = all.get(at)?.parent)
    if (at === root) return true
  return false
}

/** CPU seconds of a process with everything below it; null where the kernel does not say. */
export const cpuSecondsBelow = (root: number): number | null => {
  if (process.platform !== 'linux') return null
  const all = allFacts()
  const pids = [...all.keys()].filter((pid) => isBelow(all, pid, root))
  return pids.reduce((sum, pid) => sum + all.get(pid)!.cpuSeconds, 0)
}

/** Resident memory of one process, in bytes; null where the kernel does not say. */
export const residentBytes = (pid: number): number | null =>
  process.platform === 'linux' ? (factsOf(pid)?.residentBytes ?? null) : null
