import { JetStreamApiError, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { TAPE_PREFIX } from '@tapedeck/contracts'
import type { AppendMessage } from './append/append-message.ts'
import type { Appender } from './append/appender.ts'
import { askAgain } from './connection/ask-again.ts'
import type { BusLogger } from './connection/bus-logger.ts'
import type { StatusWatch } from './connection/connection-status.ts'
import type { TapeTroubles } from './connection/tape-troubles.ts'
import { rawMessage, type RawMessage } from './raw-message.ts'
import { readTape, type ReadOptions, type TapeReading } from './read/read-tape.ts'
import { provision, type Provisioned, type Retention } from './streams/provision.ts'
import { TAPE_STREAM } from './streams/stream-names.ts'

const MESSAGE_NOT_FOUND = 10_037

/** The one total order of everything that happened. */
export type Tape = {
  /** Creates the streams or brings their settings up to date. Admin only. Throws STREAM_CONFIG_DROPPED. */
  provision(retention?: Retention): Promise<Provisioned>
  /**
   * Appends in order; resolves with the sequences once all are stored. Waits while NATS is away. Throws
   * MESSAGE_OVERSIZED, PUBLISH_FORBIDDEN, TAPE_ORDER_BROKEN, NATS_UNREACHABLE (the bus was closed).
   */
  append(messages: readonly AppendMessage[]): Promise<number[]>
  /** Reads in order from a position that the caller keeps. */
  read(options: ReadOptions): TapeReading
  /** The sequence of the newest message; 0 when there is none. */
  lastSeq(): Promise<number>
  /** How many messages the tape holds on each subject. */
  counts(): Promise<Readonly<Record<string, number>>>
  /** The newest message on a subject, which may hold `*` and `>`. */
  lastOf(subject: string): Promise<RawMessage | null>
  get(seq: number): Promise<RawMessage | null>
}

type TapeContext = {
  readonly nc: NatsConnection
  readonly jsm: JetStreamManager
  readonly status: StatusWatch
  readonly logger: BusLogger
  readonly troubles: TapeTroubles
  readonly appender: Appender
  readonly multipleFilters: () => boolean
}

const fromStored = (stored: StoredMsg): RawMessage =>
  rawMessage({
    seq: stored.seq,
    subject: stored.subject,
    bytes: stored.data,
    storedAt: stored.time.getTime(),
    readHeaders: () => stored.header,
  })

const fetchOne = async (
  jsm: JetStreamManager,
  status: StatusWatch,
  query: { seq: number } | { last_by_subj: string },
): Promise<RawMessage | null> => {
  try {
    const stored = await askAgain(
      status,
      async () => await jsm.streams.getMessage(TAPE_STREAM, query),
    )
    return stored === null ? null : fromStored(stored)
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === MESSAGE_NOT_FOUND) return null
    throw error
  }
}

/** Puts the parts together. */
export const createTape = (context: TapeContext): Tape => {
  const { jsm, status, appender, multipleFilters, ...rest } = context
  return {
    provision: async (retention) =>
      await provision(jsm, async (question) => await askAgain(status, question), retention),
    append: async (messages) => await appender.append(messages),
    read: (options) =>
      readTape(
        { ...rest, jsm, status, stream: TAPE_STREAM, multipleFilters: multipleFilters() },
        options,
      ),
    lastSeq: async () => {
      const { state } = await askAgain(status, async () => await jsm.streams.info(TAPE_STREAM))
      return state.last_seq
    },
    counts: async () => {
      const { state } = await askAgain(
        status,
        async () => await jsm.streams.info(TAPE_STREAM, { subjects_filter: `${TAPE_PREFIX}.>` }),
      )
      return state.subjects ?? {}
    },
    lastOf: async (subject) => await fetchOne(jsm, status, { last_by_subj: subject }),
    get: async (seq) => await fetchOne(jsm, status, { seq }),
  }
}
