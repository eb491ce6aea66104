import { jetstream } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { TapedeckError } from '@tapedeck/contracts'
import { backoff } from './connection/backoff.ts'
import type { BusLogger } from './connection/bus-logger.ts'
import type { StatusWatch } from './connection/connection-status.ts'

/** Room for the headers below the server's largest message (8 MB). */
const BYTES_MAX = 7 * 1024 * 1024
const DETAIL_MAX = 4_000

/** A message that could not be handled, and why. */
export type DeadLetter = {
  /** A stable code: `NOT_JSON`, `PAYLOAD_INVALID`… */
  readonly reason: string
  readonly detail: string
  readonly attempts: number
  /** Where it was. */
  readonly subject: string
  readonly seq: number
  /** As they were stored. */
  readonly bytes: Uint8Array
}

export const DEAD_LETTER_HEADERS = {
  reason: 'Tapedeck-Reason',
  /** A JSON string, since a header is one line. */
  detail: 'Tapedeck-Detail',
  attempts: 'Tapedeck-Attempts',
  subject: 'Tapedeck-Subject',
  seq: 'Tapedeck-Seq',
  /** The original length, where the body had to be cut. */
  truncatedFrom: 'Tapedeck-Truncated-From',
} as const

/**
 * Stores the letter on `dead.<service>`: the original bytes as the body, the rest in headers. Tries until
 * it is stored; the same letter twice is one. Throws NATS_UNREACHABLE when the bus is closed.
 */
export const deadLetter = async (
  nc: NatsConnection,
  status: StatusWatch,
  service: string,
  letter: DeadLetter,
  logger: BusLogger,
): Promise<void> => {
  const names = DEAD_LETTER_HEADERS
  const all = headers()
  all.set(names.reason, letter.reason)
  all.set(names.detail, JSON.stringify(letter.detail.slice(0, DETAIL_MAX)))
  all.set(names.attempts, String(letter.attempts))
  all.set(names.subject, letter.subject)
  all.set(names.seq, String(letter.seq))
  const { length } = letter.bytes
  if (length > BYTES_MAX) all.set(names.truncatedFrom, String(length))
  const body = letter.bytes.subarray(0, BYTES_MAX)
  const js = jetstream(nc)
  for (let failures = 0; ; failures += 1) {
    await status.untilConnected()
    try {
      const msgID = `${service}/${letter.seq}/${letter.reason}`
      await js.publish(`dead.${service}`, body, { headers: all, msgID })
      return
    } catch (error) {
      if (nc.isClosed()) {
        throw new TapedeckError(
          'NATS_UNREACHABLE',
          'the bus was closed before the dead letter was stored',
        )
      }
      logger.warn(
        { service, seq: letter.seq, error: String(error) },
        'a dead letter is not stored yet',
      )
      await backoff(failures)
    }
  }
}
