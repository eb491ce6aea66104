/**
 * The handle on Postgres: pool, sessions, time limits, value readings, spans, operating errors.
 *
 * Entry point: `openDatabase`. Invariants: no statement waits without a limit; a connection in doubt is
 * thrown away; a lost server is `POSTGRES_UNREACHABLE`, never a crash of the process.
 */
export {
  openDatabase,
  type Database,
  type DatabaseOptions,
  type PoolStatistics,
} from './open-database.ts'
export { CopySource } from './copy-source.ts'
export { silentLogger, type Logger } from './logger.ts'
export { namedStatement, type Executor } from './named-statement.ts'
export { isRetryable, reasonOf, sqlState } from './operating-error.ts'
export { checkPostgresUrl, checkSchemaName, type SessionLimits } from './pool-config.ts'
export { activeTraceparent } from './query-span.ts'
export { type Readiness, type WaitOptions } from './reachability.ts'
export { type TransactionOptions } from './transaction.ts'
