import type { RawMessage } from '@tapedeck/bus'
import { typeOfSubject } from '@tapedeck/contracts'

/** How long a client waits before it comes back. */
const RETRY_MS = 2_000

/** First of all, before anything can go wrong. */
export const retryFrame = (): string => `retry: ${RETRY_MS}\n\n`

/** An event of the stream itself. With an id it moves the position that the client resumes from. */
export const controlFrame = (
  event: 'hello' | 'hb' | 'resync' | 'bye',
  data: object,
  id?: number,
): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const END = Buffer.from('\n\n')

/** An envelope as far as it is looked at here. */
interface Seen {
  readonly payload?: { readonly symbol?: unknown } | null
}

const parse = (bytes: Uint8Array): Seen | null => {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
    )
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

/**
 * A message of the tape as an event, its bytes as they were stored. Null when it is not for this stream
 * (about another symbol) or not JSON in one line: what cannot be read is a matter of the dead letters.
 */
export const messageFrame = (message: RawMessage, symbol: string | undefined): Buffer | null => {
  const type = typeOfSubject(message.subject)
  const { bytes, seq } = message
  if (type === null || bytes.includes(LINE_FEED) || bytes.includes(CARRIAGE_RETURN)) return null
  const envelope = parse(bytes)
  if (envelope === null) return null
  const about = envelope.payload?.symbol
  if (symbol !== undefined && typeof about === 'string' && about !== symbol) return null
  return Buffer.concat([Buffer.from(`id: ${seq}\nevent: ${type}\ndata: `), bytes, END])
}
