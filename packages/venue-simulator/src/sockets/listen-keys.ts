/** Who may listen to what. The REST side makes, extends and ends listen keys; streams ask. */
export interface ListenKeys {
  /** The account of a key that is alive; null for every other text. */
  accountOf(listenKey: string): string | null
  /** Ends a key: asked for by a fault that lets it expire. */
  end(listenKey: string): void
}
