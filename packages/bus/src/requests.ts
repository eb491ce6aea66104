import { setTimeout as sleep } from 'node:timers/promises'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { ERRORS, TapedeckError, type ErrorCode } from '@tapedeck/contracts'
import type { BusLogger } from './connection/bus-logger.ts'
import type { StatusWatch } from './connection/connection-status.ts'

const ERROR_HEADER = 'Tapedeck-Error'
const EMPTY = new Uint8Array()

/** Answers one request. What it throws reaches the one who asked. */
export type Responder = (data: Uint8Array, subject: string) => Promise<Uint8Array>

/**
 * Asks whoever answers `subject`. Throws UPSTREAM_UNAVAILABLE when nobody listens or nobody answers in
 * time (the effect may still happen), otherwise what the other side threw.
 */
export const request = async (
  nc: NatsConnection,
  status: StatusWatch,
  subject: string,
  data: Uint8Array,
  timeoutMs: number,
): Promise<Uint8Array> => {
  let answer
  try {
    // What is sent without a connection is lost.
    if (status.current() === 'reconnecting') {
      await Promise.race([status.untilConnected(), sleep(timeoutMs, undefined, { ref: false })])
    }
    answer = await nc.request(subject, data, { timeout: timeoutMs })
  } catch (cause) {
    const isSilent = Error.isError(cause) && cause.name === 'TimeoutError'
    throw new TapedeckError(
      'UPSTREAM_UNAVAILABLE',
      isSilent ? `${subject}: no answer within ${timeoutMs} ms` : `${subject}: nobody answers`,
      { cause, details: { subject } },
    )
  }
  const code = answer.headers?.get(ERROR_HEADER) ?? ''
  if (code === '') return answer.data
  throw new TapedeckError(code in ERRORS ? (code as ErrorCode) : 'INTERNAL', answer.string(), {
    details: { subject },
  })
}

/** Answers requests on `subject`, several at a time, until the result is called. */
export const respond = (
  nc: NatsConnection,
  subject: string,
  responder: Responder,
  logger: BusLogger,
): (() => void) => {
  const subscription = nc.subscribe(subject, {
    callback: (error, msg) => {
      if (error !== null) {
        logger.warn({ subject, error: error.message }, 'requests cannot be received')
        return
      }
      const answer = async (): Promise<void> => {
        try {
          msg.respond(await responder(msg.data, msg.subject))
        } catch (cause) {
          const code = (cause as { code?: unknown }).code
          const message = Error.isError(cause) ? cause.message : String(cause)
          const reply = headers()
          reply.set(ERROR_HEADER, typeof code === 'string' && code in ERRORS ? code : 'INTERNAL')
          logger.warn({ subject, error: message }, 'a request failed')
          if (!nc.isClosed()) msg.respond(message === '' ? EMPTY : message, { headers: reply })
        }
      }
      void answer()
    },
  })
  return () => subscription.unsubscribe()
}
