import type { ApiError } from '../binance/index.ts'

/** A connection of the WebSocket API, as far as what is asked on it depends on it. Times are the venue's. */
export type ApiConnection = {
  readonly connectedSince: number
  /** Whether answers tell of limits when a request does not say. */
  readonly returnsRateLimits: boolean
  /** The key in whose name requests are taken without a signature; null: every one is signed. */
  session: { readonly apiKey: string; readonly authorizedSince: number } | null
}

/** What a request on the WebSocket API has beside what one over HTTP has, which is made of it. */
export type ApiCall = {
  /** As asked, e.g. `order.place`. */
  readonly method: string
  /** All parameters but the signature, in the order of their names: what is signed there. */
  readonly signedText: string
  readonly connection: ApiConnection
  /** Why its frame cannot be read; null when it can. */
  readonly problem: ApiError | null
}

/** A request as it came, unread: signatures are verified over these very texts. */
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
  /** Of a request on the WebSocket API alone. */
  readonly call?: ApiCall
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
