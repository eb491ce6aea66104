import type { Generated } from 'kysely'

/** State as it lies in a row: see `checkpoint-codec.ts`. */
export type StateEncoding = 'json' | 'json+zstd'

export interface CheckpointTable {
  readonly singleton: Generated<true>
  /** Tape sequence that the state is current to; 0 before the first message. */
  tape_seq: number
  /** The service's own next `seq`, from 1, without gaps. */
  next_seq: number
  run_id: string | null
  encoding: StateEncoding
  state: Buffer | null
  updated_at: Generated<Date>
}

export interface CheckpointHistoryTable {
  tape_seq: number
  next_seq: number
  run_id: string | null
  encoding: StateEncoding
  state: Buffer | null
  kept_at: Generated<Date>
}

export interface OutboxTable {
  seq: number
  type: string
  subject: string
  event_id: string
  bytes: Buffer
  traceparent: string | null
  created_at: Generated<Date>
  /** Where it is on the tape; null until the tape acknowledged it. */
  tape_seq: number | null
}

export interface LeaseTable {
  name: string
  /** Null when released. */
  holder: string | null
  /** Rises with every new holder; never goes back. */
  epoch: number
  expires_at: Date
}

export interface IdempotencyTable {
  principal: string
  route: string
  key: string
  fingerprint: string
  state: 'running' | 'done'
  /** Rises when an abandoned request is taken over; the older attempt can no longer complete. */
  attempt: number
  locked_until: Date
  status: number | null
  headers: Record<string, string> | null
  body: Buffer | null
  expires_at: Date
}

/** The tables that every service has. A service's own `Tables` type extends this. */
export interface BaseTables {
  checkpoint: CheckpointTable
  checkpoint_history: CheckpointHistoryTable
  outbox: OutboxTable
  lease: LeaseTable
  idempotency: IdempotencyTable
}
