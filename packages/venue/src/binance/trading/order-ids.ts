const KEPT_MAX = 20_000

/**
 * Which client order id a venue order id stands for: trades are listed without it. Ids count by symbol
 * (binance-ccxt-facts §3.2). The oldest are forgotten; the venue can be asked.
 */
export class OrderIds {
  readonly #known = new Map<string, string>()

  learn(symbol: string, venueOrderId: string, clientOrderId: string): void {
    const key = `${symbol} ${venueOrderId}`
    this.#known.delete(key)
    this.#known.set(key, clientOrderId)
    if (this.#known.size <= KEPT_MAX) return
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest)
      return
    }
  }

  clientOrderIdOf(symbol: string, venueOrderId: string): string | undefined {
    return this.#known.get(`${symbol} ${venueOrderId}`)
  }
}
