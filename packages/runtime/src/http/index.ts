/**
 * The HTTP side of every service.
 *
 * Entry points: `createHttpServer`; for routes `App`, `principalOf`, `requireRole`, `checkIfMatch`,
 * `claimOf`, `PAGE_QUERY`. Invariants: every error is a problem (RFC 9457);
 * every route names who may call it; unknown fields are refused; nothing is reachable by default that
 * was not declared so.
 */
export { principalOf, type App, type Reply, type Request, type Routes } from './app.ts'
export { requireRole } from './authenticate-requests.ts'
export { createHttpServer, type HttpServer, type HttpServerOptions } from './create-http-server.ts'
export {
  checkIfMatch,
  etagOf,
  expectedVersion,
  isNotModified,
  versionMismatch,
  type MismatchStyle,
} from './entity-tag.ts'
export { HTTP_METRICS } from './http-metrics.ts'
export { claimOf, jsonResponse, markSideEffect, sendCompleted } from './idempotency.ts'
export { postgresIdempotency, type IdempotencyStore } from './idempotency-store.ts'
export { PAGE_QUERY, RANGE_QUERY, pageBody, pageSchema } from './pagination.ts'
export {
  PROBLEM_MEDIA_TYPE,
  Problem,
  ProblemField,
  problemDocument,
  type ProblemDetails,
} from './problem.ts'
export {
  DEFAULT_RATE_POLICIES,
  memoryRateLimiter,
  sharedRateLimiter,
  type RateDecision,
  type RateLimiter,
  type RatePolicy,
} from './rate-limiter.ts'
export { sendError, sendProblem } from './send-problem.ts'
export type { ServiceInfo } from './service-routes.ts'
