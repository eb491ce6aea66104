/**
 * Postgres: the only home of kysely and pg. A service imports its handle, its types and the `sql` tag
 * from here.
 *
 * Entry points: `provisionService` (role, schema, migrations), `openDatabase` (the handle),
 * `commitEffects` (a durable handler's one transaction), `loadCheckpoint`/`saveCheckpoint` (stream
 * handlers), `copyRows` (many rows). Invariants: NUMERIC is a decimal string and int8 an exact integer;
 * the outbox has no gap; a checkpoint never moves back by itself; an old lease holder writes nothing.
 */
export {
  Kysely,
  sql,
  type ColumnType,
  type Generated,
  type Insertable,
  type RawBuilder,
  type Selectable,
  type Transaction,
  type Updateable,
} from 'kysely'
export {
  isRetryable,
  namedStatement,
  openDatabase,
  sqlState,
  type Database,
  type DatabaseOptions,
  type Executor,
  type Logger,
  type PoolStatistics,
  type Readiness,
  type SessionLimits,
  type TransactionOptions,
  type WaitOptions,
} from './connection/index.ts'
export {
  applyMigrations,
  baseMigrations,
  provisionService,
  serviceNames,
  type MigrationSets,
  type Migrations,
  type ProvisionOptions,
  type Provisioned,
  type ServiceNames,
} from './provision/index.ts'
export {
  abandonIdempotent,
  acquireLease,
  appendOutbox,
  assertLease,
  beginIdempotent,
  commitEffects,
  completeIdempotent,
  loadCheckpoint,
  lowerMark,
  markPublished,
  outboxAfter,
  pruneIdempotency,
  pruneOutbox,
  releaseLease,
  renewLease,
  rewindCheckpoint,
  saveCheckpoint,
  unpublishAfter,
  unpublished,
  type BaseTables,
  type Checkpoint,
  type CheckpointTable,
  type Effects,
  type Idempotent,
  type IdempotentClaim,
  type IdempotentRequest,
  type IdempotentResponse,
  type Lease,
  type LeaseResult,
  type OutboxRow,
  type StoredOutboxRow,
} from './store/index.ts'
export {
  copyField,
  copyLines,
  copyNewRows,
  copyRows,
  dropPartitionsBefore,
  ensureDayPartitions,
  type CopyValue,
} from './bulk/index.ts'
export {
  afterPosition,
  decodeCursor,
  encodeCursor,
  pageOf,
  selectPage,
  type Page,
  type PageRequest,
  type Position,
} from './pagination/index.ts'
