import type { Exchange, ExchangeEvent } from '../../exchange/index.ts'
import { InterestSamples, type InterestPeriod, type InterestRow } from './interest-samples.ts'
import { PriceBars, type CandleQuery, type PriceCandle, type SavedPriceBar } from './price-bars.ts'

export type PriceKind = 'mark' | 'index'

export type SavedPriceHistory = readonly {
  readonly symbol: string
  readonly mark: readonly SavedPriceBar[]
  readonly index: readonly SavedPriceBar[]
  readonly interest: readonly InterestRow[]
}[]

type OfSymbol = {
  readonly mark: PriceBars
  readonly index: PriceBars
  readonly interest: InterestSamples
}

const nothing = (): OfSymbol => ({
  mark: new PriceBars(),
  index: new PriceBars(),
  interest: new InterestSamples(),
})

/** Marks, indices and open interest of every symbol, as the public was told them. */
export class PriceHistory {
  readonly #symbols = new Map<string, OfSymbol>()

  snapshot(): SavedPriceHistory {
    return [...this.#symbols].map(([symbol, { mark, index, interest }]) => ({
      symbol,
      mark: mark.snapshot(),
      index: index.snapshot(),
      interest: interest.snapshot(),
    }))
  }

  restore(saved: SavedPriceHistory): void {
    for (const { symbol, mark, index, interest } of saved)
      this.#symbols.set(symbol, {
        mark: PriceBars.restore(mark),
        index: PriceBars.restore(index),
        interest: InterestSamples.restore(interest),
      })
  }

  /** `exchange`: asked for open interest when a sample of it is due. */
  tell(events: readonly ExchangeEvent[], exchange: Pick<Exchange, 'openInterest'>): void {
    for (const event of events) {
      if (event.kind !== 'mark') continue
      const { symbol, markPrice, indexPrice } = event.premium
      const { mark, index, interest } = this.#of(symbol)
      mark.add(markPrice, event.time)
      index.add(indexPrice, event.time)
      if (interest.isDue(event.time))
        interest.add(event.time, exchange.openInterest(symbol) ?? '0', markPrice)
    }
  }

  /** Empty for a symbol that nobody told a mark of. */
  candles(symbol: string, kind: PriceKind, query: CandleQuery): readonly PriceCandle[] {
    return this.#symbols.get(symbol)?.[kind].candles(query) ?? []
  }

  interest(symbol: string, period: InterestPeriod): readonly InterestRow[] {
    return this.#symbols.get(symbol)?.interest.every(period) ?? []
  }

  #of(symbol: string): OfSymbol {
    const known = this.#symbols.get(symbol)
    if (known !== undefined) return known
    const made = nothing()
    this.#symbols.set(symbol, made)
    return made
  }
}
