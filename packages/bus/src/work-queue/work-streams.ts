import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
} from '@nats-io/jetstream'
import { millis, nanos } from '@nats-io/transport-node'
import { TapedeckError } from '@tapedeck/contracts'
import { ensureStream, type Ask, type WantedStream } from '../streams/ensure-stream.ts'

/** Jobs that wait or are being done. A job is deleted when it is acknowledged. */
export const JOBS_STREAM = 'WORK'
/** What became of jobs, by job: the first result stays. */
export const RESULTS_STREAM = 'WORK_RESULTS'
/** Jobs that were given up, with the reason. */
export const GIVEN_UP_STREAM = 'WORK_DEAD'

const DAY_MS = 86_400_000
const GIB = 1024 ** 3
const TOKEN = /^[A-Za-z0-9_-]{1,64}$/

/** How long a worker may be silent before its job goes to another. Heartbeats come four times as often. */
export const ACK_WAIT_MS = 15_000
/** A lane that nobody served for this long is forgotten; its jobs are not. */
const LANE_IDLE_MS = 7 * DAY_MS
const IN_HAND_MAX = 10_000
const CONSUMER_NOT_FOUND = 10_014

/** A part of a subject. Throws VALIDATION_FAILED for what NATS would read as something else. */
const token = (what: string, text: string): string => {
  if (TOKEN.test(text)) return text
  throw new TapedeckError(
    'VALIDATION_FAILED',
    `${what} of a job is ${JSON.stringify(text)}; expected 1 to 64 characters [A-Za-z0-9_-]`,
  )
}

/** Where a job waits: its lane says who can do it, its study who waits for it. */
export const jobSubject = (lane: string, study: string, id: string): string =>
  `work.jobs.${token('lane', lane)}.${token('study', study)}.${token('id', id)}`
export const resultSubject = (study: string, id: string): string =>
  `work.results.${token('study', study)}.${token('id', id)}`
export const givenUpSubject = (study: string, id: string): string =>
  `work.dead.${token('study', study)}.${token('id', id)}`

const oncePerSubject = {
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 1,
  discard_new_per_subject: true,
} as const

/**
 * Creates the three streams of the work queue or brings them up to date, and reads their settings back.
 * Identity lies in the subject (one message each, the newer one refused): unlike message ids, which a
 * server forgets after minutes, that makes the same job one job for as long as it waits.
 * Throws STREAM_CONFIG_DROPPED, CONFIG_INVALID, DISK_FULL.
 */
export const provisionWork = async (
  jsm: JetStreamManager,
  ask: Ask,
  maxBytes = 4 * GIB,
): Promise<void> => {
  const base = { storage: StorageType.File, num_replicas: 1 }
  const wanted: readonly WantedStream[] = [
    {
      ...base,
      ...oncePerSubject,
      name: JOBS_STREAM,
      subjects: ['work.jobs.>'],
      retention: RetentionPolicy.Workqueue,
      max_age: nanos(30 * DAY_MS),
      max_bytes: Math.floor(maxBytes / 4),
    },
    {
      ...base,
      ...oncePerSubject,
      name: RESULTS_STREAM,
      subjects: ['work.results.>'],
      retention: RetentionPolicy.Limits,
      max_age: nanos(30 * DAY_MS),
      max_bytes: Math.floor(maxBytes / 2),
    },
    {
      ...base,
      name: GIVEN_UP_STREAM,
      subjects: ['work.dead.>'],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(30 * DAY_MS),
      max_bytes: Math.floor(maxBytes / 4),
    },
  ]
  for (const stream of wanted) await ensureStream(jsm, stream, ask)
}

export const laneConsumer = (lane: string): string => `lane-${token('lane', lane)}`

const existingLane = async (
  jsm: JetStreamManager,
  ask: Ask,
  lane: string,
): Promise<ConsumerConfig | null> => {
  try {
    const info = await ask(async () => await jsm.consumers.info(JOBS_STREAM, laneConsumer(lane)))
    return info.config
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === CONSUMER_NOT_FOUND) return null
    throw error
  }
}

const laneSettings = (lane: string, ackWaitMs: number) => ({
  durable_name: laneConsumer(lane),
  filter_subject: `work.jobs.${lane}.>`,
  ack_policy: AckPolicy.Explicit,
  deliver_policy: DeliverPolicy.All,
  ack_wait: nanos(ackWaitMs),
  max_deliver: -1,
  max_ack_pending: IN_HAND_MAX,
  inactive_threshold: nanos(LANE_IDLE_MS),
})

/**
 * The consumer that all workers of a lane share, read back like the streams. The server redelivers for
 * ever: giving up is the workers' decision, since they can say why. Without `ackWaitMs` a lane that is
 * there stays as it is. Gives the silence after which a job goes to another.
 */
export const provisionLane = async (
  jsm: JetStreamManager,
  ask: Ask,
  lane: string,
  ackWaitMs?: number,
): Promise<number> => {
  const there = await existingLane(jsm, ask, lane)
  const wanted = laneSettings(
    lane,
    ackWaitMs ?? (there === null ? ACK_WAIT_MS : millis(there.ack_wait ?? 0)),
  )
  const differing = (config: Partial<ConsumerConfig>): string[] =>
    Object.entries(wanted)
      .filter(([key, value]) => config[key as keyof ConsumerConfig] !== value)
      .map(([key]) => key)
  if (there === null) await ask(async () => await jsm.consumers.add(JOBS_STREAM, wanted))
  else if (differing(there).length > 0) {
    await ask(async () => await jsm.consumers.update(JOBS_STREAM, laneConsumer(lane), wanted))
  }
  const fields = differing((await existingLane(jsm, ask, lane)) ?? {})
  if (fields.length === 0) return millis(wanted.ack_wait)
  throw new TapedeckError(
    'STREAM_CONFIG_DROPPED',
    `NATS dropped ${fields.join(', ')} of consumer ${laneConsumer(lane)}`,
    { details: { consumer: laneConsumer(lane), fields } },
  )
}
