import { TapedeckError } from '@tapedeck/contracts'
import type { PoolConfig } from 'pg'
import { valueParsers } from './value-parsers.ts'

/** Time limits, in milliseconds; 0 is none. */
export interface SessionLimits {
  /** One statement, on the server. Default 30,000. */
  readonly statementMsMax: number
  /** Waiting for one lock. Default 5,000. */
  readonly lockMsMax: number
  /** Sitting inside an open transaction: it would hold back vacuum and locks. Default 10,000. */
  readonly idleInTransactionMsMax: number
  /** Getting a connection, free or new. Default 5,000. */
  readonly connectMsMax: number
  /**
   * False lets commits return before they are on disk (`synchronous_commit = off`): about three times
   * the commits, but a crash of the machine loses the last half second. Only for what can be rebuilt.
   * Default true.
   */
  readonly durableCommits: boolean
}

const DEFAULTS: SessionLimits = {
  statementMsMax: 30_000,
  lockMsMax: 5_000,
  idleInTransactionMsMax: 10_000,
  connectMsMax: 5_000,
  durableCommits: true,
}

/** The server answers its own timeout first; past this the connection itself is taken for dead. */
const ANSWER_GRACE_MS = 5_000
const IDLE_MS_MAX = 60_000
const KEEP_ALIVE_MS = 10_000

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/

const invalid = (field: string, value: unknown, expected: string): TapedeckError =>
  new TapedeckError(
    'CONFIG_INVALID',
    `${field} is ${JSON.stringify(value)}; expected ${expected}`,
    {
      details: { field, expected },
    },
  )

/** @throws TapedeckError `CONFIG_INVALID`; the text never shows the password. */
export const checkPostgresUrl = (url: string): URL => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (
    parsed === undefined ||
    !/^postgres(ql)?:$/.test(parsed.protocol) ||
    parsed.pathname.length < 2
  ) {
    throw invalid('url', '(not shown)', 'postgres://role:password@host:port/database')
  }
  return parsed
}

/** @throws TapedeckError `CONFIG_INVALID` unless it is a plain lower-case identifier. */
export const checkSchemaName = (schema: string): void => {
  if (!SCHEMA_NAME.test(schema)) throw invalid('schema', schema, 'lower-case letters, digits and _')
}

/** The driver's settings for one pool, with every limit in place. */
export const poolConfig = (
  options: Partial<SessionLimits> & {
    url: string
    schema: string
    applicationName: string
    maxConnections: number
  },
): PoolConfig => {
  checkPostgresUrl(options.url)
  checkSchemaName(options.schema)
  if (!Number.isInteger(options.maxConnections) || options.maxConnections < 1) {
    throw invalid('maxConnections', options.maxConnections, 'a whole number of at least 1')
  }
  const limits = { ...DEFAULTS, ...options }
  const session = [
    `-c search_path=${options.schema}`,
    `-c timezone=UTC`,
    ...(limits.durableCommits ? [] : ['-c synchronous_commit=off']),
  ]
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections,
    options: session.join(' '),
    statement_timeout: limits.statementMsMax,
    lock_timeout: limits.lockMsMax,
    idle_in_transaction_session_timeout: limits.idleInTransactionMsMax,
    connectionTimeoutMillis: limits.connectMsMax,
    ...(limits.statementMsMax > 0
      ? { query_timeout: limits.statementMsMax + ANSWER_GRACE_MS }
      : {}),
    idleTimeoutMillis: IDLE_MS_MAX,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    types: valueParsers,
  }
}
