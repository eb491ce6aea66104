import {
  type MemberFrame,
  type Message,
  type MessageType,
  decode,
  scopeOf,
  subjectOf,
  typeOfSubject,
} from '@tapedeck/contracts'

export type ArchivePlace = {
  readonly file: string
  /** Byte offset of the gzip member in the file. */
  readonly memberOffset: number
  /** Counted from 1 within the member. */
  readonly line: number
}

/** A message of the archive, as it lay on the tape. */
export type ArchivedMessage = {
  readonly tapeSeq: number
  readonly subject: string
  /** The envelope's own bytes. They are a view of the member: copy what is kept for long. */
  readonly bytes: Uint8Array
  /** Checked, and lifted to the current version of its type. */
  readonly message: Message
  readonly place: ArchivePlace
}

/** Something in a member that is no message. `seq` null: not even that can be read. */
export type BadLine = { readonly seq: number | null; readonly what: string }

export type ReadLine =
  | { readonly kind: 'message'; readonly message: ArchivedMessage }
  | { readonly kind: 'bad'; readonly bad: BadLine }

const NEWLINE = 10
const SPACE = 32
const HEAD_BYTES_MAX = 400

type Line = { readonly seq: number; readonly subject: string; readonly envelope: Buffer }

/** `<tape seq> <subject> <envelope>`, or null. */
const splitLine = (bytes: Buffer): Line | null => {
  const first = bytes.indexOf(SPACE)
  const second = bytes.indexOf(SPACE, first + 1)
  if (first < 1 || second <= first + 1 || second > HEAD_BYTES_MAX) return null
  const digits = bytes.toString('latin1', 0, first)
  const seq = Number(digits)
  if (!/^[1-9]\d*$/.test(digits) || !Number.isSafeInteger(seq)) return null
  return {
    seq,
    subject: bytes.toString('latin1', first + 1, second),
    envelope: bytes.subarray(second + 1),
  }
}

const bad = (seq: number | null, what: string): ReadLine => ({ kind: 'bad', bad: { seq, what } })

const readMessage = (
  { seq, subject, envelope }: Line,
  runId: string,
  place: ArchivePlace,
): ReadLine => {
  const unreadable = (what: string): ReadLine => bad(seq, `line ${place.line}: ${what}`)
  const decoded = decode(envelope)
  if (!decoded.ok) return unreadable(`${decoded.reason}: ${decoded.detail}`)
  const message = decoded.envelope as Message
  if (message.run_id !== runId) return unreadable(`it belongs to run ${message.run_id}`)
  const own = subjectOf(message.type, scopeOf(message.type, message.payload))
  if (own !== subject) return unreadable(`it lies under ${subject}, its own subject is ${own}`)
  return { kind: 'message', message: { tapeSeq: seq, subject, bytes: envelope, message, place } }
}

/** What a member is read with. `types` null: every type. */
export type MemberContext = {
  readonly file: string
  readonly offset: number
  readonly runId: string
  readonly types: ReadonlySet<MessageType> | null
}

/** The messages of a member in order. What the frame says of them has to be true. */
export function* readLines(
  text: Buffer,
  frame: MemberFrame,
  { file, offset, runId, types }: MemberContext,
): Generator<ReadLine, void, undefined> {
  let count = 0
  let last = frame.previousSeq
  let start = 0
  while (start < text.length) {
    const newline = text.indexOf(NEWLINE, start)
    const end = newline === -1 ? text.length : newline
    const bytes = text.subarray(start, end)
    start = end + 1
    count++
    const line = splitLine(bytes)
    if (line === null) {
      yield bad(null, `line ${count}: expected <tape seq> <subject> <envelope>`)
      continue
    }
    if (line.seq <= last || line.seq > frame.lastSeq)
      yield bad(line.seq, `line ${count}: out of place, after ${last} of ${frame.lastSeq}`)
    last = line.seq
    const type = types === null ? null : typeOfSubject(line.subject)
    if (type !== null && types?.has(type) === false) continue
    yield readMessage(line, runId, { file, memberOffset: offset, line: count })
  }
  if (count !== frame.messages || last !== frame.lastSeq)
    yield bad(
      frame.lastSeq,
      `it holds ${count} messages up to ${last}, its frame says ${frame.messages} up to ${frame.lastSeq}`,
    )
}
