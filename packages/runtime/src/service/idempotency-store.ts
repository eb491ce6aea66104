/** The service's own idempotency table, as the HTTP side sees it. */
export { postgresIdempotency as idempotencyStore } from '../http/index.ts'
