import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  MESSAGES,
  type Message,
  type MessageType,
  type PayloadOf,
  scopeOf,
  subjectOf,
} from '@tapedeck/contracts'
import type { Sealed } from '@tapedeck/runtime'

const FIXTURES = join(import.meta.dirname, '../../contracts/fixtures')

/**
 * The example that the contracts keep of a type in its current version, with an id of its own. All
 * examples tell of the same run, account and trade.
 */
export const golden = <T extends MessageType>(
  type: T,
  payload: Partial<PayloadOf<T>> = {},
): Message<T> => {
  const file = join(FIXTURES, `${type}.v${MESSAGES[type].version}.json`)
  const read = JSON.parse(readFileSync(file, 'utf8')) as Message<T>
  return { ...read, event_id: randomUUID(), payload: { ...read.payload, ...payload } }
}

/** Messages as a service hands them on to be appended and projected. */
export const sealed = (messages: readonly Message[]): Sealed[] =>
  messages.map((message) => ({
    seq: message.seq,
    eventId: message.event_id,
    subject: subjectOf(message.type, scopeOf(message.type, message.payload)),
    bytes: new TextEncoder().encode(JSON.stringify(message)),
    headers: {},
    message,
  }))
