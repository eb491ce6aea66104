/**
 * What every service keeps: checkpoint, outbox, lease, idempotent answers.
 *
 * Entry point for durable handlers: `commitEffects`; for stream handlers: `loadCheckpoint`,
 * `saveCheckpoint`. Invariants: a checkpoint never moves back by itself; the outbox has no gap; who lost
 * the lease writes nothing; an answer and its effect are stored together.
 */
export { commitEffects, type Effects } from './commit-effects.ts'
export {
  loadCheckpoint,
  lowerMark,
  rewindCheckpoint,
  saveCheckpoint,
  type Checkpoint,
} from './checkpoint.ts'
export {
  appendOutbox,
  markPublished,
  outboxAfter,
  pruneOutbox,
  unpublishAfter,
  unpublished,
  type OutboxRow,
  type StoredOutboxRow,
} from './outbox.ts'
export {
  acquireLease,
  assertLease,
  releaseLease,
  renewLease,
  type Lease,
  type LeaseResult,
} from './lease.ts'
export {
  abandonIdempotent,
  beginIdempotent,
  completeIdempotent,
  pruneIdempotency,
  type Idempotent,
  type IdempotentClaim,
  type IdempotentRequest,
  type IdempotentResponse,
} from './idempotency.ts'
export {
  type BaseTables,
  type CheckpointHistoryTable,
  type CheckpointTable,
  type IdempotencyTable,
  type LeaseTable,
  type OutboxTable,
  type StateEncoding,
} from './tables.ts'
