/** What a connection may do, and how long it lives; times by the venue's clock. */
export type StreamLimits = {
  readonly messagesPerSecondMax: number
  readonly streamsMax: number
  readonly pingEveryMs: number
  /** A ping that was not answered this long ends the connection. */
  readonly pongTimeoutMs: number
  readonly lifetimeMs: number
}

/** binance-ccxt-facts §1.3. */
export const STREAM_LIMITS: StreamLimits = {
  messagesPerSecondMax: 10,
  streamsMax: 1024,
  pingEveryMs: 3 * 60_000,
  pongTimeoutMs: 10 * 60_000,
  lifetimeMs: 24 * 3_600_000,
}
