/** The far end of a stream connection: a socket, or a test in the same process. */
export interface StreamSink {
  send(text: string): void
  ping(): void
  /** The answer to a client's ping; a connection that plays dead gives none. */
  pong(): void
  /** A polite end, e.g. 1001. */
  close(code: number, reason: string): void
  /** The connection is gone without a word (1006 at the client). */
  terminate(): void
}

/** What a client does on a stream connection. */
export interface StreamConnection {
  /** A text frame from the client, unread. */
  receive(text: string): void
  /** A client's own ping: answered with `StreamSink.pong`, not by the socket. */
  ping(): void
  pong(): void
  closed(): void
}
