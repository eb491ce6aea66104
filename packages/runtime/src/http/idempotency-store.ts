/** What identifies a request that must happen once. */
export interface IdempotentRequest {
  /** Who asks; keys of different principals do not meet. */
  readonly principal: string
  /** Method and route template, e.g. `POST /v1/halts`. */
  readonly operation: string
  readonly key: string
  /** Hash of path and body: the same key with another is a mistake. */
  readonly fingerprint: string
}

/** An answer as it was given the first time. */
export interface StoredResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The bytes of the body as text; empty for none. */
  readonly body: string
}

export type IdempotencyOutcome =
  | { readonly state: 'begun' }
  | { readonly state: 'running' }
  | { readonly state: 'finished'; readonly response: StoredResponse }
  | { readonly state: 'reused' }

/**
 * Remembers requests and their answers. `(principal, operation, key)` is unique; `begin` is atomic. An entry
 * that was begun and never settled becomes free again after a bound of the store's own.
 */
export interface IdempotencyStore {
  begin(request: IdempotentRequest): Promise<IdempotencyOutcome>
  complete(request: IdempotentRequest, response: StoredResponse): Promise<void>
  /** Forgets the request: nothing happened, the same key may try again. */
  abandon(request: IdempotentRequest): Promise<void>
}
