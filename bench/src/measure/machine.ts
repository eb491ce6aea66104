import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { percentile } from './statistics.ts'

const LISTEN_MS = 1_000
const GAP_MS_MIN = 0.5

export interface Machine {
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly loadAverage: number
  /** How often and how long a busy loop of one second was interrupted: the noise of every figure. */
  readonly gaps: { readonly count: number; readonly p50Ms: number; readonly longestMs: number }
}

const listen = (): Machine['gaps'] => {
  const gaps: number[] = []
  const end = performance.now() + LISTEN_MS
  for (let before = performance.now(), now = before; now < end; before = now) {
    now = performance.now()
    if (now - before >= GAP_MS_MIN) gaps.push(now - before)
  }
  const known = gaps.length > 0
  return {
    count: gaps.length,
    p50Ms: known ? percentile(gaps, 0.5) : 0,
    longestMs: known ? Math.max(...gaps) : 0,
  }
}

/** What the figures were measured on, and how quiet it was. */
export const describeMachine = (): Machine => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  loadAverage: loadavg()[0]!,
  gaps: listen(),
})
