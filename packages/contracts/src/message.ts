import type { Envelope } from './envelope.ts'
import type { MessageType, PayloadOf } from './subjects.ts'

/** An envelope whose type is `T`, with the payload that belongs to it. A union when `T` is one. */
export type Message<T extends MessageType = MessageType> = {
  [K in T]: Omit<Envelope<PayloadOf<K>>, 'type'> & { type: K }
}[T]

/** What a decision gives the shell to append: everything but the parts that only the shell knows. */
export type Output<T extends MessageType = MessageType> = {
  [K in T]: {
    readonly type: K
    readonly aggregate_id: string
    /** Rises by one for each event about this aggregate; the decision keeps the count. */
    readonly aggregate_version: number
    readonly occurred_at: number
    /** Defaults to the correlation of the message that caused it. */
    readonly correlation_id?: string
    readonly payload: PayloadOf<K>
  }
}[T]

/** One typed output, checked against the table of messages at compile time. */
export const output = <T extends MessageType>(type: T, rest: Omit<Output<T>, 'type'>): Output =>
  ({ type, ...rest }) as unknown as Output

/** Narrows an envelope by its type, so that a handler sees the payload's own fields. */
export const isType = <T extends MessageType>(
  envelope: { type: string },
  type: T,
): envelope is Message<T> => envelope.type === type
