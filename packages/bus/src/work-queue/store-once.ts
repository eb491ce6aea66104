import { JetStreamApiError, jetstream } from '@nats-io/jetstream'
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node'
import { TapedeckError } from '@tapedeck/contracts'
import { backoff } from '../connection/backoff.ts'
import type { BusLogger } from '../connection/bus-logger.ts'
import type { StatusWatch } from '../connection/connection-status.ts'

/** What everything here needs of the connection. */
export type WorkContext = {
  readonly nc: NatsConnection
  readonly status: StatusWatch
  readonly logger: BusLogger
}

/** The server's words for "this subject has its message": the number stands for several refusals. */
const IS_THERE = /per subject/i
const IS_FULL = /maximum (messages|bytes)|resources|insufficient/i
/** Subject and headers count too. */
const ENVELOPE_BYTES = 1_024

const tooLarge = (subject: string, size: number, max: number): TapedeckError =>
  new TapedeckError(
    'MESSAGE_OVERSIZED',
    `${subject}: ${size} bytes; this NATS server takes ${max} (max_payload)`,
    {
      hint: 'Raise max_payload in the configuration of NATS (up to 64 MB), or make the job smaller.',
    },
  )

/** Whether the refusal is final; what passes by itself is tried again. */
const refusal = (subject: string, error: unknown): TapedeckError | null => {
  if (!(error instanceof JetStreamApiError) || error.status === 503) return null
  const code = IS_FULL.test(error.message) ? 'DISK_FULL' : 'CONFIG_INVALID'
  return new TapedeckError(code, `NATS refused ${subject}: ${error.message}`, {
    cause: error,
    ...(code === 'DISK_FULL'
      ? {
          hint: 'The work queue is full. Purge WORK_RESULTS, or delete the folder of a local queue.',
        }
      : {}),
  })
}

/**
 * Stores a message on a subject that takes one. True when it is new, false when there is one already.
 * Waits while NATS is away: asking again after a lost answer is safe. Throws MESSAGE_OVERSIZED,
 * DISK_FULL, CONFIG_INVALID, NATS_UNREACHABLE (the bus was closed).
 */
export const storeOnce = async (
  { nc, status, logger }: WorkContext,
  subject: string,
  bytes: Uint8Array,
  headers?: MsgHdrs,
): Promise<boolean> => {
  const js = jetstream(nc)
  for (let failures = 0; ; failures += 1) {
    await status.untilConnected()
    const max = nc.info?.max_payload ?? Infinity
    if (bytes.length + ENVELOPE_BYTES > max) throw tooLarge(subject, bytes.length, max)
    try {
      await js.publish(subject, bytes, headers === undefined ? {} : { headers })
      return true
    } catch (error) {
      if (error instanceof JetStreamApiError && IS_THERE.test(error.message)) return false
      const final = refusal(subject, error)
      if (final !== null) throw final
      if (nc.isClosed()) {
        throw new TapedeckError(
          'NATS_UNREACHABLE',
          `the bus was closed before ${subject} was stored`,
        )
      }
      logger.warn({ subject, error: String(error) }, 'not stored yet')
      await backoff(failures)
    }
  }
}
