import type { JetStreamManager } from '@nats-io/jetstream'
import { askAgain } from '../connection/ask-again.ts'
import { readTape } from '../read/read-tape.ts'
import type { RawMessage } from '../raw-message.ts'
import { storeOnce, type WorkContext } from './store-once.ts'
import { takeJobs, type TakeOptions } from './take-jobs.ts'
import { GIVEN_UP_HEADERS, type GivenUp } from './taken-job.ts'
import {
  GIVEN_UP_STREAM,
  JOBS_STREAM,
  RESULTS_STREAM,
  jobSubject,
  laneConsumer,
  provisionLane,
  provisionWork,
} from './work-streams.ts'

/** Work for whoever serves the lane. The id says what it is: the same work has the same id. */
export type WorkJob = {
  readonly lane: string
  readonly study: string
  readonly id: string
  readonly bytes: Uint8Array
}

export type WorkResult = { readonly id: string; readonly bytes: Uint8Array }

export type FollowOptions = {
  readonly onResult: (result: WorkResult) => void
  /** Only what is given up from now on: a job that was given up before may be asked for again. */
  readonly onGivenUp: (job: GivenUp) => void
}

/** A study that is being listened to. */
export type Following = {
  /** Rejects when the results cannot be read on. */
  readonly finished: Promise<void>
  stop(): Promise<void>
}

/** Who is there for a lane, and what waits. */
export type LaneState = {
  readonly waiting: number
  readonly inHand: number
  readonly idleWorkers: number
}

/** Jobs that any of many workers may do, each once in effect, whoever dies. */
export type WorkQueue = {
  /** Creates streams of `maxBytes` together (default 4 GiB), or brings them up to date. Throws STREAM_CONFIG_DROPPED. */
  provision(maxBytes?: number): Promise<void>
  /** False when the same job waits or is being done already. */
  add(job: WorkJob): Promise<boolean>
  take(options: TakeOptions): Promise<void>
  /** Tells every result of a study, those from before first; resolves when those have been told. */
  follow(study: string, options: FollowOptions): Promise<Following>
  lane(lane: string): Promise<LaneState>
  /** Takes all waiting jobs off the queue; for a queue that one coordinator has for itself. */
  clear(): Promise<void>
}

const idOf = ({ subject }: RawMessage): string => subject.slice(subject.lastIndexOf('.') + 1)

const givenUp = (message: RawMessage): GivenUp => {
  const header = (name: string): string => message.headers[name] ?? ''
  return {
    id: idOf(message),
    reason: header(GIVEN_UP_HEADERS.reason),
    detail: JSON.parse(header(GIVEN_UP_HEADERS.detail) || '""') as string,
    attempts: Number(header(GIVEN_UP_HEADERS.attempts)),
  }
}

/** Puts the parts together. */
export const createWorkQueue = (
  context: WorkContext & { readonly jsm: JetStreamManager },
): WorkQueue => {
  const { jsm, status } = context
  const ask = async <T>(question: () => Promise<T>): Promise<T> => await askAgain(status, question)
  const lastSeq = async (stream: string): Promise<number> =>
    (await ask(async () => await jsm.streams.info(stream))).state.last_seq

  const follow = async (study: string, options: FollowOptions): Promise<Following> => {
    const known = await lastSeq(RESULTS_STREAM)
    const givenUpBefore = await lastSeq(GIVEN_UP_STREAM)
    const base = { ...context, multipleFilters: false }
    const results = readTape(
      { ...base, stream: RESULTS_STREAM },
      {
        after: 0,
        subjects: [`work.results.${study}.>`],
        onBatch: async (messages) => {
          for (const message of messages) {
            options.onResult({ id: idOf(message), bytes: message.bytes })
          }
        },
      },
    )
    const dead = readTape(
      { ...base, stream: GIVEN_UP_STREAM },
      {
        after: givenUpBefore,
        subjects: [`work.dead.${study}.>`],
        onBatch: async (messages) => {
          for (const message of messages) options.onGivenUp(givenUp(message))
        },
      },
    )
    const finished = Promise.all([results.finished, dead.finished]).then(() => undefined)
    finished.catch(() => {
      // Whoever follows learns of it there.
    })
    await Promise.race([results.passed(known), finished])
    return {
      finished,
      async stop() {
        await Promise.all([results.stop(), dead.stop()])
      },
    }
  }

  return {
    provision: async (maxBytes) => await provisionWork(jsm, ask, maxBytes),
    add: async ({ lane, study, id, bytes }) =>
      await storeOnce(context, jobSubject(lane, study, id), bytes),
    take: async (options) => await takeJobs(context, options),
    follow,
    async lane(lane) {
      await provisionLane(jsm, ask, lane)
      const info = await ask(async () => await jsm.consumers.info(JOBS_STREAM, laneConsumer(lane)))
      return {
        waiting: info.num_pending,
        inHand: info.num_ack_pending,
        idleWorkers: info.num_waiting,
      }
    },
    clear: async () => void (await ask(async () => await jsm.streams.purge(JOBS_STREAM))),
  }
}
