import type { Message, MessageType } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'

/** Narrows a message to the types that a decider listens to, so that its switch can be exhaustive. */
export const isOneOf = <T extends MessageType>(
  message: Message,
  types: readonly T[],
): message is Extract<Message, { type: T }> => (types as readonly string[]).includes(message.type)

/** A copy of plain JSON that shares nothing, so that a snapshot stays what it was. */
export const copyJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json
