/** The client's end of one stream connection: a socket, or a venue in the same process. */
export interface StreamLink {
  send(text: string): void
  /** A ping of ours. What lives answers it: `onPong`. */
  ping(): void
  /** A polite end; `onClose` follows. */
  close(code: number, reason: string): void
  /** An end without a word; `onClose` follows. */
  terminate(): void
}

/** What a link tells. After `onClose` it tells nothing more. The venue's pings are answered by the link. */
export type LinkListener = {
  readonly onOpen: () => void
  /** A text frame, whole. A binary one is read as UTF-8. */
  readonly onText: (text: string) => void
  readonly onPong: () => void
  /** Once, also for a connection that never opened. 1006 when there was no word. */
  readonly onClose: (code: number, reason: string) => void
}

/** Opens a connection. Nothing is told before it has returned. */
export type OpenLink = (url: string, listener: LinkListener) => StreamLink
