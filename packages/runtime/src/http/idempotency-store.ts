import {
  abandonIdempotent,
  beginIdempotent,
  completeIdempotent,
  type Executor,
  type Idempotent,
  type IdempotentClaim,
  type IdempotentRequest,
  type IdempotentResponse,
} from '@tapedeck/database'

/**
 * Remembers requests and their answers. `(principal, route, key)` is unique and `begin` is atomic; it throws
 * `IDEMPOTENCY_IN_PROGRESS` or `IDEMPOTENCY_KEY_REUSED`. A claim that was never settled becomes free again
 * after a bound of the store's own.
 */
export interface IdempotencyStore {
  begin(request: IdempotentRequest): Promise<Idempotent>
  complete(claim: IdempotentClaim, response: IdempotentResponse): Promise<void>
  /** Frees the key: nothing happened, the same request may come again at once. */
  abandon(claim: IdempotentClaim): Promise<void>
}

/** The store in a service's own schema. */
export const postgresIdempotency = (db: Executor): IdempotencyStore => ({
  begin: (request) => beginIdempotent(db, request),
  complete: (claim, response) => completeIdempotent(db, claim, response),
  abandon: (claim) => abandonIdempotent(db, claim),
})
