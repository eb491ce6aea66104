import type { MsgHdrs } from '@nats-io/transport-node'
import { decode, type Decoded } from '@tapedeck/contracts'

/** One message of the tape as it was stored. `bytes` may be anything: nothing was checked yet. */
export type RawMessage = {
  /** Its place in the total order, from 1. */
  readonly seq: number
  readonly subject: string
  readonly bytes: Uint8Array
  /** First value of each header, names as sent (`traceparent`, `Nats-Msg-Id`). */
  readonly headers: Readonly<Record<string, string>>
  /** When the server stored it, milliseconds. Never an input to a decision. */
  readonly storedAt: number
  /** Its envelope, or why it cannot be read. Computed once, whoever asks. */
  decoded(): Decoded
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

const asRecord = (headers: MsgHdrs | undefined): Readonly<Record<string, string>> => {
  if (headers === undefined) return NO_HEADERS
  return Object.fromEntries([...headers].map(([name, values]) => [name, values[0] ?? '']))
}

type Stored = Pick<RawMessage, 'seq' | 'subject' | 'bytes' | 'storedAt'> & {
  /** Read when first asked for: most readers never look at headers. */
  readonly readHeaders: () => MsgHdrs | undefined
}

/** A message whose headers and envelope are read when they are first asked for, once. */
export const rawMessage = ({ readHeaders, ...stored }: Stored): RawMessage => {
  let headers: Readonly<Record<string, string>> | undefined
  let envelope: Decoded | undefined
  return {
    ...stored,
    get headers() {
      headers ??= asRecord(readHeaders())
      return headers
    },
    decoded() {
      envelope ??= decode(stored.bytes)
      return envelope
    },
  }
}
