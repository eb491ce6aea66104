import { Kysely, PostgresDialect } from 'kysely'
import type { CompiledQuery, QueryResult, Transaction } from 'kysely'
import { Pool } from 'pg'
import { silentLogger } from './logger.ts'
import type { Logger } from './logger.ts'
import type { Executor } from './named-statement.ts'
import { reasonOf } from './operating-error.ts'
import { poolConfig } from './pool-config.ts'
import type { SessionLimits } from './pool-config.ts'
import type { QueryTarget } from './query-span.ts'
import { checkReady, waitUntilReachable } from './reachability.ts'
import type { Readiness, WaitOptions } from './reachability.ts'
import { sessionPool } from './session-pool.ts'
import { runTransaction } from './transaction.ts'
import type { TransactionOptions } from './transaction.ts'

export interface DatabaseOptions extends Partial<SessionLimits> {
  /** `postgres://role:password@host:port/database`, the service's own role. */
  readonly url: string
  /** The only schema on the search path. */
  readonly schema: string
  /** Shown in `pg_stat_activity`, e.g. `execution@7f3c`. */
  readonly applicationName: string
  readonly maxConnections: number
  readonly logger?: Logger
}

/** How many connections the pool has, how many are free, how many callers wait for one. */
export interface PoolStatistics {
  readonly total: number
  readonly idle: number
  readonly waiting: number
}

/** A service's door to its own schema. Made by `openDatabase`. */
export interface Database<Tables> extends Executor {
  /** The query builder, bound to the schema. */
  readonly kysely: Kysely<Tables>
  readonly schema: string
  /** See `runTransaction`: commits or rolls back; runs again after deadlocks, a bounded number of times. */
  transaction<R>(
    work: (tx: Transaction<Tables>) => Promise<R>,
    options?: TransactionOptions,
  ): Promise<R>
  /** The server answers, takes writes and has the schema. Never throws; one round trip. */
  ready(): Promise<Readiness>
  /** Resolves when the server answers; tries for ever unless `signal` ends it. */
  waitUntilReachable(options?: WaitOptions): Promise<void>
  poolStatistics(): PoolStatistics
  /** Waits for what is under way, then closes every connection. Safe to call twice. */
  close(): Promise<void>
}

const targetOf = (url: string, schema: string): QueryTarget => {
  const { hostname, port, pathname } = new URL(url)
  return {
    host: hostname,
    port: port === '' ? 5432 : Number(port),
    database: decodeURIComponent(pathname.slice(1)),
    schema,
  }
}

/**
 * Opens a handle on one schema. Connects on first use, so the server may be away.
 *
 * Values: NUMERIC stays a decimal string, int8 becomes a safe integer or an error, jsonb is parsed,
 * date stays text. Every statement, lock wait and idle transaction has a time limit.
 *
 * @throws TapedeckError `CONFIG_INVALID` for a URL, schema name or number that cannot be right
 */
export const openDatabase = <Tables>(options: DatabaseOptions): Database<Tables> => {
  const logger = options.logger ?? silentLogger
  const pool = new Pool(poolConfig(options))
  // An idle connection that breaks (server restart) is replaced on next use; it must not end the process.
  pool.on('error', (error) => logger.warn({ reason: reasonOf(error) }, 'Postgres went away'))
  const target = targetOf(options.url, options.schema)
  const kysely = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: sessionPool(pool, target, logger) }),
  })
  let closing: Promise<void> | undefined
  const executeQuery = <R>(query: CompiledQuery<R>): Promise<QueryResult<R>> =>
    kysely.executeQuery(query)
  const executor: Executor = { executeQuery }
  return {
    kysely,
    schema: options.schema,
    executeQuery,
    transaction: (work, settings) => runTransaction(kysely, work, settings),
    ready: () => checkReady(executor, options.schema),
    waitUntilReachable: (wait) => waitUntilReachable(executor, logger, wait),
    poolStatistics: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => (closing ??= closePool(kysely, pool)),
  }
}

/** kysely closes the pool only when it was used; an unused pool is closed here. */
const closePool = async (kysely: { destroy(): Promise<void> }, pool: Pool): Promise<void> => {
  await kysely.destroy()
  if (!pool.ended && !pool.ending) await pool.end()
}
