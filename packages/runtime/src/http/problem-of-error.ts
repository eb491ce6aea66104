import { ERRORS, type ErrorCode, type TapedeckError } from '@tapedeck/contracts'
import type { ProblemDetails, ProblemField } from './problem.ts'

/** What fastify reports about a request that never reached a handler. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_REQUEST',
  FST_ERR_CTP_INVALID_JSON_BODY: 'MALFORMED_REQUEST',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED_REQUEST',
  FST_ERR_BAD_URL: 'MALFORMED_REQUEST',
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
}

const RETRY_AFTER_MS: Partial<Record<ErrorCode, number>> = {
  IDEMPOTENCY_IN_PROGRESS: 1_000,
  NOT_READY: 1_000,
  NATS_UNREACHABLE: 2_000,
  POSTGRES_UNREACHABLE: 2_000,
  UPSTREAM_UNAVAILABLE: 2_000,
}

/** By name and code, not by class: `instanceof` lies across realms. */
const isTapedeckError = (error: unknown): error is TapedeckError => {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  return name === 'TapedeckError' && typeof code === 'string' && code in ERRORS
}

const ofTapedeckError = (error: TapedeckError): ProblemDetails => {
  const { status, title } = ERRORS[error.code]
  const { errors, retry_after_ms: retryAfter, ...rest } = error.details
  const retryAfterMs = typeof retryAfter === 'number' ? retryAfter : RETRY_AFTER_MS[error.code]
  // What a server error says may name hosts, queries or files: it is for the log.
  const isOurFault = status >= 500 && error.code !== 'NOT_READY'
  return {
    code: error.code,
    detail: isOurFault ? title : error.message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) }),
    ...(Array.isArray(errors) ? { errors: errors as ProblemField[] } : {}),
    ...(isOurFault ? {} : { extensions: rest }),
  }
}

/** Any thrown value as a problem. What is not known to be the caller's fault is ours, and says nothing inside. */
export const problemOfError = (error: unknown): ProblemDetails => {
  if (isTapedeckError(error)) return ofTapedeckError(error)
  const { code, statusCode, message } = (error ?? {}) as {
    code?: unknown
    statusCode?: unknown
    message?: unknown
  }
  const known = typeof code === 'string' ? FRAMEWORK_CODES[code] : undefined
  if (known !== undefined) return { code: known, detail: String(message) }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return { code: 'MALFORMED_REQUEST', detail: String(message), status: statusCode }
  return { code: 'INTERNAL', detail: ERRORS.INTERNAL.title }
}
