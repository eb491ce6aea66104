import { hasCode } from '@tapedeck/contracts'
import type { Bus, TakenJob } from '@tapedeck/bus'
import { laneOf, readTrialJob } from '../trial-job.ts'
import type { DataCatalog } from './data-catalog.ts'
import { TrialPool } from './trial-pool.ts'

export type ServeOptions = {
  readonly bus: Bus
  readonly catalog: DataCatalog
  readonly code: string
  readonly concurrency: number
  readonly trialMsMax: number
  readonly heapMb: number
  /** Takes no more; jobs in hand are finished first. */
  readonly signal: AbortSignal
  readonly onDone?: (what: { readonly id: string; readonly problem: string | null }) => void
  readonly entry?: URL
}

/** Fetching a trial takes a few milliseconds; waiting behind one that is longer than this costs more. */
const SHORT_MS = 1_000

/** Ends of a trial that would very likely come again: one more attempt, then no more. */
const LIKELY_FINAL = new Set(['TRIAL_TIME_LIMIT', 'THREAD_DIED'])

const doTrial = async (job: TakenJob, pool: TrialPool, code: string): Promise<string | null> => {
  try {
    const { study } = readTrialJob(job.bytes)
    if (study.code !== code) {
      const detail = `made for code ${study.code.slice(0, 12)}, this worker has ${code.slice(0, 12)}`
      await job.giveUp({ reason: 'OTHER_VERSION', detail })
      return detail
    }
  } catch (error) {
    const detail = (error as Error).message
    await job.giveUp({ reason: 'OTHER_VERSION', detail })
    return detail
  }
  const answer = await pool.run(job.bytes)
  if (!('result' in answer)) {
    if (LIKELY_FINAL.has(answer.reason) && job.attempt >= 2) await job.giveUp(answer)
    else await job.retry(answer)
    return `${answer.reason}: ${answer.detail}`
  }
  try {
    await job.finish(answer.result)
    return null
  } catch (error) {
    if (!hasCode(error, 'MESSAGE_OVERSIZED')) throw error
    await job.giveUp({ reason: error.code, detail: error.message })
    return error.message
  }
}

/**
 * A worker: does trials of every data set that it has, until the signal. Trials run in threads; this thread
 * stays free for heartbeats, so that a long trial is not taken for a dead worker.
 */
export const serveTrials = async (options: ServeOptions): Promise<void> => {
  const { bus, catalog, code, concurrency, trialMsMax, heapMb, signal, entry } = options
  const pool = new TrialPool({
    catalog,
    size: concurrency,
    trialMsMax,
    heapMb,
    ...(entry === undefined ? {} : { entry }),
  })
  try {
    await bus.work.provision()
    await bus.work.take({
      lanes: Object.keys(catalog).map((fingerprint) => laneOf(code, fingerprint)),
      // The next short trial is fetched while one runs; a long one is left to whoever is free first.
      concurrency: () => concurrency + ((pool.meanMs ?? Infinity) < SHORT_MS ? 1 : 0),
      signal,
      onJob: async (job) => {
        const problem = await doTrial(job, pool, code)
        options.onDone?.({ id: job.id, problem })
      },
    })
  } finally {
    await pool.close()
  }
}
