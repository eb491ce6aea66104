import type { DepthPayloadParts } from './market-payloads.ts'

/** Changes of a book between two beats as one: the latest quantity of each level that was touched. */
export class DepthBatch {
  readonly #symbol: string
  readonly #bids = new Map<string, string>()
  readonly #asks = new Map<string, string>()
  #firstId: number | null = null
  #lastId = 0
  #previousId = 0
  #time = 0

  constructor(symbol: string) {
    this.#symbol = symbol
  }

  /** What came together so far; null when nothing did. Taking it over is adding it. */
  snapshot(): DepthPayloadParts | null {
    if (this.#firstId === null) return null
    return {
      symbol: this.#symbol,
      time: this.#time,
      firstId: this.#firstId,
      lastId: this.#lastId,
      previousId: this.#previousId,
      bids: [...this.#bids],
      asks: [...this.#asks],
    }
  }

  add(change: DepthPayloadParts): void {
    if (this.#firstId === null) {
      this.#firstId = change.firstId
      this.#previousId = change.previousId
    }
    this.#lastId = change.lastId
    this.#time = change.time
    for (const [price, quantity] of change.bids) this.#bids.set(price, quantity)
    for (const [price, quantity] of change.asks) this.#asks.set(price, quantity)
  }

  /** What came together since the last call; null when nothing did. */
  take(): DepthPayloadParts | null {
    const taken = this.snapshot()
    if (taken === null) return null
    this.#firstId = null
    this.#bids.clear()
    this.#asks.clear()
    return taken
  }
}
