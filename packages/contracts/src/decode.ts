import { z } from 'zod'
import { checkDepth, checkTrades } from './columns.ts'
import { Envelope } from './envelope.ts'
import { TapedeckError } from './errors.ts'
import { MESSAGES, type MessageType } from './subjects.ts'
import { upcast } from './upcast.ts'
import { unstorableText } from './values/unstorable-text.ts'

/** Why a message could not be read. Decides what the dead letter says, never whether the reader goes on. */
export type UnreadableReason =
  | 'OVERSIZED'
  | 'NOT_JSON'
  | 'TEXT_UNSTORABLE'
  | 'ENVELOPE_INVALID'
  | 'TYPE_UNKNOWN'
  | 'VERSION_FROM_THE_FUTURE'
  | 'VERSION_NOT_UPCASTABLE'
  | 'PAYLOAD_INVALID'

export type Decoded =
  | { readonly ok: true; readonly envelope: TapeEnvelope }
  | { readonly ok: false; readonly reason: UnreadableReason; readonly detail: string }

/** An envelope of a known type at its current version. Narrow it with `isType`. */
export type TapeEnvelope = Envelope & { type: MessageType }

/** Columns are checked by hand, everything else by its schema. */
const COLUMN_CHECKS: Partial<Record<MessageType, (payload: unknown) => string | null>> = {
  'market.trades': checkTrades,
  'market.depth': checkDepth,
}

/** Larger messages are refused on both sides; NATS itself is configured for 8 MiB. */
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024

/** Fatal: bytes that are not UTF-8 are an error, never replacement characters. */
const utf8 = new TextDecoder('utf-8', { fatal: true })
const encoder = new TextEncoder()

const unreadable = (reason: UnreadableReason, detail: string): Decoded => ({
  ok: false,
  reason,
  detail: detail.slice(0, 1000),
})

const checkPayload = (type: MessageType, payload: unknown): Decoded | { payload: unknown } => {
  const columns = COLUMN_CHECKS[type]
  if (columns !== undefined) {
    const problem =
      typeof payload === 'object' && payload !== null
        ? columns(payload)
        : 'payload is not an object'
    return problem === null ? { payload } : unreadable('PAYLOAD_INVALID', problem)
  }
  const parsed = MESSAGES[type].schema.safeParse(payload)
  return parsed.success
    ? { payload: parsed.data }
    : unreadable('PAYLOAD_INVALID', z.prettifyError(parsed.error))
}

/** Validates a parsed JSON value as an envelope and lifts its payload to the current version. Never throws. */
export const decodeValue = (value: unknown): Decoded => {
  const parsed = Envelope.safeParse(value)
  if (!parsed.success) return unreadable('ENVELOPE_INVALID', z.prettifyError(parsed.error))
  const { type, schema_version: version } = parsed.data
  if (!Object.hasOwn(MESSAGES, type))
    return unreadable('TYPE_UNKNOWN', `type ${type} is not in the table of messages`)
  const known = type as MessageType
  const current = MESSAGES[known].version
  if (version > current)
    return unreadable(
      'VERSION_FROM_THE_FUTURE',
      `${type} version ${version}; this code reads up to ${current}`,
    )
  const lifted = upcast(known, parsed.data.payload, version, current)
  if (lifted === null)
    return unreadable('VERSION_NOT_UPCASTABLE', `${type} has no step up from version ${version}`)
  const checked = checkPayload(known, lifted.payload)
  if ('ok' in checked) return checked
  return {
    ok: true,
    envelope: { ...parsed.data, type: known, schema_version: current, payload: checked.payload },
  }
}

/** What a ledger could never take would stop its service for good. Only an escape can write such text. */
const findUnstorable = (text: string, value: unknown): string | null => {
  const path = text.includes('\\u') ? unstorableText(value) : null
  if (path === null) return null
  return `the text at ${JSON.stringify(path)} holds U+0000 or half of a surrogate pair`
}

/** Reads the bytes of one tape message. Never throws. */
export const decode = (bytes: Uint8Array): Decoded => {
  if (bytes.byteLength > MESSAGE_BYTES_MAX)
    return unreadable('OVERSIZED', `${bytes.byteLength} bytes, at most ${MESSAGE_BYTES_MAX}`)
  let text: string
  let value: unknown
  try {
    text = utf8.decode(bytes)
    value = JSON.parse(text)
  } catch (error) {
    return unreadable('NOT_JSON', String(error))
  }
  const problem = findUnstorable(text, value)
  return problem === null ? decodeValue(value) : unreadable('TEXT_UNSTORABLE', problem)
}

/** The bytes of an envelope as they go onto the tape. Throws MESSAGE_OVERSIZED rather than make what `decode` refuses. */
export const encode = (envelope: Envelope): Uint8Array => {
  const bytes = encoder.encode(JSON.stringify(envelope))
  if (bytes.byteLength > MESSAGE_BYTES_MAX)
    throw new TapedeckError(
      'MESSAGE_OVERSIZED',
      `${envelope.type} ${envelope.event_id} has ${bytes.byteLength} bytes, at most ${MESSAGE_BYTES_MAX}`,
    )
  return bytes
}
