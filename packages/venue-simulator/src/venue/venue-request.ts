/** A REST request as it came, unread: signatures are verified over these very texts. */
export type VenueRequest = {
  readonly method: string
  /** `/fapi/v1/order`, without the query. */
  readonly path: string
  /** Without the question mark, as sent. */
  readonly query: string
  readonly body: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Whose limits it counts against, e.g. an address. */
  readonly remote: string
}

export type VenueResponse = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * What reaches the client of an answer: the answer, later; a connection that is reset; or nothing at all.
 * Times are by the venue's clock. What was done at the venue is done either way.
 */
export type Delivery =
  | { readonly kind: 'answer'; readonly response: VenueResponse; readonly delayMs: number }
  | { readonly kind: 'reset'; readonly delayMs: number }
  | { readonly kind: 'hang' }
