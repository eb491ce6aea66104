import { activeTraceparent, namedStatement } from '../connection/index.ts'
import type { Executor } from '../connection/index.ts'

/** One message that waits for the tape. */
export interface OutboxRow {
  /** The service's own gap-free sequence; equals the envelope's `seq`. */
  readonly seq: number
  readonly type: string
  /** Full NATS subject. */
  readonly subject: string
  /** The envelope's `event_id`, and its `Nats-Msg-Id`. */
  readonly eventId: string
  /** The envelope as it goes on the wire. */
  readonly bytes: Uint8Array
  /** W3C `traceparent` for the message's headers. Default: the active span's, when it records. */
  readonly traceparent?: string | null
}

/** A stored message: with where it is on the tape, null until acknowledged. */
export interface StoredOutboxRow extends OutboxRow {
  readonly traceparent: string | null
  readonly tapeSeq: number | null
}

/**
 * The seven parameters that `OUTBOX_ROWS` reads. All bodies travel as one binary value that the server
 * cuts up: an array of bytea would go as hexadecimal text, twice the bytes.
 */
export const outboxParameters = (rows: readonly OutboxRow[]): unknown[] => {
  const traceparent = rows.length === 0 ? null : activeTraceparent()
  const starts: number[] = []
  let length = 0
  for (const row of rows) {
    starts.push(length + 1)
    length += row.bytes.length
  }
  return [
    rows.map((row) => row.seq),
    rows.map((row) => row.type),
    rows.map((row) => row.subject),
    rows.map((row) => row.eventId),
    rows.map((row) => row.traceparent ?? traceparent),
    starts,
    rows.map((row) => row.bytes.length),
    Buffer.concat(rows.map((row) => row.bytes)),
  ]
}

/** `insert … select` of the rows in parameters `$first` and the seven after it. */
export const insertOutbox = (first: number): string => {
  const at = (offset: number): string => `$${first + offset}`
  return `insert into outbox (seq, type, subject, event_id, traceparent, bytes)
    select r.seq, r.type, r.subject, r.event_id, r.traceparent,
      substring(${at(7)}::bytea from r.start for r.length)
    from unnest(${at(0)}::bigint[], ${at(1)}::text[], ${at(2)}::text[], ${at(3)}::uuid[],
      ${at(4)}::text[], ${at(5)}::int[], ${at(6)}::int[])
      as r (seq, type, subject, event_id, traceparent, start, length)`
}

const append = namedStatement<never>('append_outbox', insertOutbox(1))

/**
 * Adds messages, in one round trip. In the transaction of the effect that they tell of.
 *
 * @throws the driver's error with SQLSTATE 23505 when a `seq` or an `event_id` is there already
 */
export const appendOutbox = async (tx: Executor, rows: readonly OutboxRow[]): Promise<void> => {
  if (rows.length > 0) await append(tx, outboxParameters(rows))
}

type Row = {
  seq: number
  type: string
  subject: string
  event_id: string
  bytes: Buffer
  traceparent: string | null
  tape_seq: number | null
}

const fromRow = (row: Row): StoredOutboxRow => ({
  seq: row.seq,
  type: row.type,
  subject: row.subject,
  eventId: row.event_id,
  bytes: row.bytes,
  traceparent: row.traceparent,
  tapeSeq: row.tape_seq,
})

const COLUMNS = 'seq, type, subject, event_id, bytes, traceparent, tape_seq'

const selectUnpublished = namedStatement<Row>(
  'unpublished_outbox',
  `select ${COLUMNS} from outbox where tape_seq is null order by seq limit $1`,
)

/** What the tape has not acknowledged yet, in order of `seq`; at most `limit`. */
export const unpublished = async (db: Executor, limit: number): Promise<StoredOutboxRow[]> =>
  (await selectUnpublished(db, [limit])).map(fromRow)

const mark = namedStatement<never>(
  'mark_published',
  `update outbox o set tape_seq = p.tape_seq
  from unnest($1::bigint[], $2::bigint[]) as p (seq, tape_seq) where o.seq = p.seq`,
)

/** Stores the tape sequence of each acknowledgement. Doing it twice changes nothing. */
export const markPublished = async (
  db: Executor,
  published: readonly { readonly seq: number; readonly tapeSeq: number }[],
): Promise<void> => {
  if (published.length === 0) return
  await mark(db, [published.map((row) => row.seq), published.map((row) => row.tapeSeq)])
}

const selectAfter = namedStatement<Row>(
  'outbox_after',
  `select ${COLUMNS} from outbox where seq > $1 order by seq limit $2`,
)

/**
 * Messages after the service's own `seq`, published or not, in order; at most `limit`. To compare with
 * a tape that may have lost its tail, and to append what is missing.
 */
export const outboxAfter = async (
  db: Executor,
  seq: number,
  limit: number,
): Promise<StoredOutboxRow[]> => (await selectAfter(db, [seq, limit])).map(fromRow)

const unmark = namedStatement<{ seq: number }>(
  'unpublish_after',
  'update outbox set tape_seq = null where tape_seq > $1 returning seq',
)

/**
 * The tape ends at `tapeSeq`: everything that was acknowledged beyond it counts as unpublished again,
 * so that the relay appends it once more. Gives the number of messages.
 */
export const unpublishAfter = async (db: Executor, tapeSeq: number): Promise<number> =>
  (await unmark(db, [tapeSeq])).length

const PRUNE_ROWS = 5_000

const prune = namedStatement<{ seq: number }>(
  'prune_outbox',
  `delete from outbox o using (
    select seq, created_at, tape_seq from outbox order by seq limit ${PRUNE_ROWS}) head
  where o.seq = head.seq and head.tape_seq is not null and head.created_at < $1
  returning o.seq`,
)

/**
 * Deletes published messages older than `olderThan`, oldest first, in portions. Never an unpublished one.
 *
 * @returns how many were deleted
 */
export const pruneOutbox = async (db: Executor, olderThan: Date): Promise<number> => {
  let total = 0
  for (;;) {
    const deleted = (await prune(db, [olderThan])).length
    total += deleted
    // Not "fewer than a full portion": an unpublished message at the head takes a place in each.
    if (deleted === 0) return total
  }
}
