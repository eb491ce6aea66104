import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { TapedeckError } from '@tapedeck/contracts'
import { Appender } from './append/appender.ts'
import { askAgain } from './connection/ask-again.ts'
import { SILENT, type BusLogger } from './connection/bus-logger.ts'
import { connectForever } from './connection/connect-forever.ts'
import { watchStatus, type BusStatus, type StatusListener } from './connection/connection-status.ts'
import { connectionOptions, type Login } from './connection/login.ts'
import { TapeTroubles, type TroubleListener } from './connection/tape-troubles.ts'
import { deadLetter, type DeadLetter } from './dead-letter.ts'
import { request, respond, type Responder } from './requests.ts'
import { DEAD_STREAM } from './streams/stream-names.ts'
import { createTape, type Tape } from './tape.ts'
import { createWorkQueue, type WorkQueue } from './work-queue/index.ts'

export type BusOptions = Login & {
  readonly logger?: BusLogger
  /** Hears from the first attempt on; the bus itself exists only once NATS was reached. */
  readonly onStatus?: StatusListener
  /** Hears whether the tape can be read and appended to, which a connection alone does not say. */
  readonly onTape?: TroubleListener
  /** Gives up waiting for NATS at start. */
  readonly signal?: AbortSignal
}

/** A process's connection to NATS. */
export type Bus = {
  readonly tape: Tape
  /** Jobs for many workers: parameter searches. */
  readonly work: WorkQueue
  status(): BusStatus
  /** Returns how to stop listening. */
  onStatus(listener: StatusListener): () => void
  serverVersion(): string
  /** Throws UPSTREAM_UNAVAILABLE when nobody answered in time, or the error that the other side threw. */
  request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array>
  /** Answers requests until the result is called. */
  respond(subject: string, responder: Responder): () => void
  /** Puts a message aside that could not be handled; resolves when it is stored. */
  deadLetter(service: string, letter: DeadLetter): Promise<void>
  /** How many messages were put aside and are still kept. */
  deadLetterCount(): Promise<number>
  /** Lets appends that are under way arrive, then ends. */
  close(): Promise<void>
}

const isAtLeast210 = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 10)
}

const assemble = (nc: NatsConnection, jsm: JetStreamManager, options: BusOptions): Bus => {
  const logger = options.logger ?? SILENT
  const status = watchStatus(nc)
  if (options.onStatus !== undefined) status.on(options.onStatus)
  const troubles = new TapeTroubles(options.onTape ?? (() => {}))
  const appender = new Appender(connectionOptions(options), { logger, troubles })
  const version = (): string => nc.info?.version ?? 'unknown'
  return {
    tape: createTape({
      nc,
      jsm,
      status,
      logger,
      troubles,
      appender,
      multipleFilters: () => isAtLeast210(version()),
    }),
    work: createWorkQueue({ nc, jsm, status, logger }),
    status: status.current,
    onStatus: status.on,
    serverVersion: version,
    request: async (subject, data, timeoutMs) =>
      await request(nc, status, subject, data, timeoutMs),
    respond: (subject, responder) => respond(nc, subject, responder, logger),
    deadLetter: async (service, letter) => await deadLetter(nc, status, service, letter, logger),
    deadLetterCount: async () => {
      const { state } = await askAgain(status, async () => await jsm.streams.info(DEAD_STREAM))
      return state.messages
    },
    async close() {
      await appender.close()
      await nc.close()
    },
  }
}

/**
 * Connects to NATS: waits for it as long as it takes at the start, and comes back to it for ever
 * afterwards. Throws NATS_LOGIN_REFUSED, or NATS_UNREACHABLE when `signal` aborts.
 */
export const connectBus = async (options: BusOptions): Promise<Bus> => {
  const logger = options.logger ?? SILENT
  const nc = await connectForever(
    {
      ...connectionOptions(options),
      reconnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
      reconnectJitter: 300,
      ignoreAuthErrorAbort: true,
    },
    (error: Error | TapedeckError) => {
      logger.warn({ error: error.message }, 'NATS cannot be reached yet')
      options.onStatus?.('reconnecting', error.message)
    },
    options.signal ?? new AbortController().signal,
  )
  options.onStatus?.('connected', nc.getServer())
  return assemble(nc, await jetstreamManager(nc, { checkAPI: false, timeout: 2_000 }), options)
}
