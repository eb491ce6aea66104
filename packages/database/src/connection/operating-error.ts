import { TapedeckError } from '@tapedeck/contracts'

/** SQLSTATE classes and codes (PostgreSQL appendix A) that mean "the server is not there". */
const AWAY = /^(08...|57P0[1235]|25P03)$/
const DISK_FULL = '53100'
const TOO_MANY_CONNECTIONS = '53300'
/** Serialization failure and deadlock: the same transaction may succeed when run again. */
const RETRYABLE = new Set(['40001', '40P01'])

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
])

/** The driver gives these no code. */
const LOST =
  /^(Connection terminated|Client has encountered a connection error|Query read timeout|Client was closed|timeout expired|timeout exceeded when trying to connect)/

type Coded = { readonly code?: unknown; readonly message?: unknown; readonly errors?: unknown }

/** The SQLSTATE of an error that Postgres sent, or undefined. */
export const sqlState = (error: unknown): string | undefined => {
  const code = (error as Coded | null)?.code
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** True for a serialization failure or a deadlock. */
export const isRetryable = (error: unknown): boolean => RETRYABLE.has(sqlState(error) ?? '')

const networkCode = (error: Coded): string | undefined => {
  if (typeof error.code === 'string' && NETWORK.has(error.code)) return error.code
  const first = Array.isArray(error.errors) ? (error.errors[0] as Coded | undefined) : undefined
  return first === undefined ? undefined : networkCode(first)
}

/** True when the connection is gone or cannot be trusted any more. */
export const isConnectionLoss = (error: unknown): boolean => {
  const coded = (error ?? {}) as Coded
  return (
    AWAY.test(sqlState(error) ?? '') ||
    networkCode(coded) !== undefined ||
    (typeof coded.message === 'string' && LOST.test(coded.message))
  )
}

/** In a few words for people: the message, or the code where an error has no message of its own. */
export const reasonOf = (error: unknown): string => {
  const coded = (error ?? {}) as Coded
  const message = typeof coded.message === 'string' ? coded.message : ''
  return message === '' ? (networkCode(coded) ?? String(error)) : message
}

/**
 * Gives an operating error of the catalogue for what the caller can wait out (server away, disk full);
 * everything else, such as a violated constraint, comes back as it was, with its SQLSTATE in `code`.
 *
 * `outcome` in the details: `not_sent` when nothing reached the server, `unknown` when a statement was
 * under way. After `unknown` a commit may have happened; read the checkpoint before doing it again.
 */
export const toOperatingError = (error: unknown, outcome: 'not_sent' | 'unknown'): unknown => {
  const state = sqlState(error)
  if (state === DISK_FULL) {
    return new TapedeckError('DISK_FULL', `Postgres: ${reasonOf(error)}`, { cause: error })
  }
  if (isConnectionLoss(error) || state === TOO_MANY_CONNECTIONS) {
    return new TapedeckError(
      'POSTGRES_UNREACHABLE',
      `Postgres cannot be reached: ${reasonOf(error)}`,
      { cause: error, details: { outcome } },
    )
  }
  return error
}
