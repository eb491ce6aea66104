import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream'
import { createInbox, nanos, type Msg } from '@nats-io/transport-node'
import { askAgain } from '../connection/ask-again.ts'
import { backoff } from '../connection/backoff.ts'
import { FreeSlots } from './free-slots.ts'
import type { WorkContext } from './store-once.ts'
import { JobInHand, type TakeRules, type TakenJob } from './taken-job.ts'
import {
  ACK_WAIT_MS,
  JOBS_STREAM,
  RESULTS_STREAM,
  laneConsumer,
  provisionLane,
  resultSubject,
} from './work-streams.ts'

const PULL_MS = 5_000
const DELIVERIES_MAX = 5
const RETRY_PAUSE_MS = 500
const MESSAGE_NOT_FOUND = 10_037

export type TakeOptions = {
  /** What this worker can do. */
  readonly lanes: readonly string[]
  /** How many jobs at a time; asked whenever one has ended. */
  readonly concurrency: number | (() => number)
  /** Ends the job with one of its three calls. What it throws puts the job back. */
  readonly onJob: (job: TakenJob) => Promise<void>
  /** Takes no more; jobs in hand are brought to their end. */
  readonly signal: AbortSignal
  /** Default 5: a job that was given out that often without a result is given up. */
  readonly deliveriesMax?: number
  readonly retryPauseMs?: number
  readonly ackWaitMs?: number
}

type Taking = WorkContext & {
  readonly jsm: JetStreamManager
  readonly options: TakeOptions
  readonly rules: TakeRules
  readonly slots: FreeSlots
  readonly inHand: Set<Promise<void>>
}

/** Asks for one job and waits a while. Null when none came. */
const pull = async ({ nc, status, options }: Taking, lane: string): Promise<Msg | null> => {
  const { lost, cancel } = status.untilLost()
  const { promise, resolve, reject } = Promise.withResolvers<Msg | null>()
  const stop = (): void => resolve(null)
  options.signal.addEventListener('abort', stop, { once: true })
  const timer = setTimeout(() => reject(new Error('no answer')), PULL_MS + 5_000)
  void lost.then(stop)
  const inbox = createInbox()
  // An inbox of its own: when we leave it, the server gives the job to somebody else.
  const subscription = nc.subscribe(inbox, {
    max: 1,
    callback: (error, msg) => {
      const code = error === null ? (msg.headers?.code ?? 0) : 503
      if (code === 503 || code === 409) {
        reject(error ?? new Error(`${code} ${msg.headers?.description}`))
        // 404 and 408: nothing waits.
      } else resolve(code >= 400 ? null : msg)
    },
  })
  const subject = `$JS.API.CONSUMER.MSG.NEXT.${JOBS_STREAM}.${laneConsumer(lane)}`
  nc.publish(subject, JSON.stringify({ batch: 1, expires: nanos(PULL_MS) }), { reply: inbox })
  try {
    return await promise
  } finally {
    cancel()
    clearTimeout(timer)
    subscription.unsubscribe()
    options.signal.removeEventListener('abort', stop)
  }
}

/** Whether a job was done by an attempt whose acknowledgement was lost. */
const hasResult = async ({ jsm, status }: Taking, job: TakenJob): Promise<boolean> => {
  try {
    const query = { last_by_subj: resultSubject(job.study, job.id) }
    return (
      (await askAgain(status, async () => await jsm.streams.getMessage(RESULTS_STREAM, query))) !==
      null
    )
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === MESSAGE_NOT_FOUND) return false
    throw error
  }
}

const doOne = async (taking: Taking, job: JobInHand): Promise<void> => {
  const { options, rules, logger } = taking
  try {
    if (await hasResult(taking, job)) return job.acknowledge()
    if (job.attempt > rules.deliveriesMax) {
      return await job.giveUp({
        reason: 'WORKERS_LOST',
        detail: `given out ${job.attempt - 1} times; each worker died or lost its connection before it answered`,
      })
    }
    await options.onJob(job)
  } catch (error) {
    logger.warn({ job: job.id, attempt: job.attempt, error: String(error) }, 'a job failed')
    const detail = Error.isError(error) ? error.message : String(error)
    await job.retry({ reason: 'WORKER_FAILED', detail }).catch((cause: unknown) => {
      job.putBack(rules.retryPauseMs)
      logger.warn({ job: job.id, error: String(cause) }, 'a job could not be put back')
    })
  }
}

const serveLane = async (taking: Taking, lane: string): Promise<void> => {
  const { options, rules, slots, inHand, status, nc, jsm, logger } = taking
  const ask = async <T>(question: () => Promise<T>): Promise<T> => await askAgain(status, question)
  let failures = 0
  let isReady = false
  while (!options.signal.aborted && !nc.isClosed()) {
    await slots.untilFree()
    await status.untilConnected()
    try {
      if (!isReady) await provisionLane(jsm, ask, lane, options.ackWaitMs)
      isReady = true
      const msg = await pull(taking, lane)
      failures = 0
      if (msg === null) continue
      const job = new JobInHand(taking, rules, msg)
      await slots.take()
      const work = doOne(taking, job).finally(() => {
        slots.release()
        inHand.delete(work)
      })
      inHand.add(work)
    } catch (error) {
      // The server went away, or came back without the lane.
      isReady = false
      logger.warn({ lane, error: String(error) }, 'no jobs can be taken at the moment')
      await backoff(failures, options.signal)
      failures += 1
    }
  }
}

/**
 * Takes jobs of the lanes until the signal, each with a heartbeat while it is in hand. While there is no
 * free slot nothing is asked for, so that no job waits here that somebody else could do. Resolves when
 * the last job in hand has ended.
 */
export const takeJobs = async (
  context: WorkContext & { readonly jsm: JetStreamManager },
  options: TakeOptions,
): Promise<void> => {
  const rules: TakeRules = {
    deliveriesMax: options.deliveriesMax ?? DELIVERIES_MAX,
    retryPauseMs: options.retryPauseMs ?? RETRY_PAUSE_MS,
    heartbeatMs: (options.ackWaitMs ?? ACK_WAIT_MS) / 4,
  }
  const { concurrency } = options
  const slots = new FreeSlots(typeof concurrency === 'number' ? () => concurrency : concurrency)
  const inHand = new Set<Promise<void>>()
  const taking: Taking = { ...context, options, rules, slots, inHand }
  await Promise.all(options.lanes.map(async (lane) => await serveLane(taking, lane)))
  await Promise.all(inHand)
}
