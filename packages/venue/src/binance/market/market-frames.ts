import type { Instrument } from '@tapedeck/contracts'
import {
  OrderBook,
  parseStep,
  stepsToDecimal,
  type DepthEvent,
  type MarketEvent,
  type Step,
} from '@tapedeck/core'

/** A message of a combined stream, as the venue would send it. */
export type MarketFrame = { readonly stream: string; readonly data: Record<string, unknown> }

/**
 * Market events in Binance's own words: the inverse of `sight` and `readSighted`. Recordings of the
 * generated market are written with it, and so is what a test venue sends.
 *
 * Every book change is followed by the quote it leads to, so that a reader can verify its own book.
 */
export class MarketFrameWriter {
  readonly #symbol: string
  readonly #tick: Step
  readonly #lot: Step
  readonly #depthStream: string
  readonly #book = new OrderBook()

  constructor(instrument: Instrument, depthIntervalMs = 100) {
    this.#symbol = instrument.symbol
    this.#tick = parseStep(instrument.tick_size)
    this.#lot = parseStep(instrument.lot_size)
    this.#depthStream = `${instrument.symbol.toLowerCase()}@depth@${depthIntervalMs}ms`
  }

  /** `GET /fapi/v1/depth` for a book. */
  restSnapshot(event: DepthEvent): Record<string, unknown> {
    this.#book.applySnapshot(event.bidTicks, event.bidLots, event.askTicks, event.askLots)
    return {
      lastUpdateId: event.lastId,
      E: event.time,
      T: event.time,
      bids: this.#levels(event.bidTicks, event.bidLots),
      asks: this.#levels(event.askTicks, event.askLots),
    }
  }

  /** The frames of an event; none for what no stream carries. */
  frames(event: MarketEvent): MarketFrame[] {
    const s = this.#symbol
    const stream = s.toLowerCase()
    if (event.kind === 'trade') {
      const { id, time } = event
      const p = this.#price(event.priceTicks)
      const q = this.#quantity(event.quantityLots)
      const data = { e: 'aggTrade', E: time, s, a: id, p, q, nq: q, f: id, l: id, T: time }
      return [{ stream: `${stream}@aggTrade`, data: { ...data, m: event.maker === 1, st: 1 } }]
    }
    if (event.kind === 'mark') {
      const data = {
        e: 'markPriceUpdate',
        E: event.time,
        s,
        p: event.markPrice.toFixed(8),
        i: (event.indexPrice ?? event.markPrice).toFixed(8),
        P: event.markPrice.toFixed(8),
        r: event.fundingRate.toFixed(8),
        T: event.nextFundingTime,
        st: 1,
      }
      return [{ stream: `${stream}@markPrice@1s`, data }]
    }
    return event.kind === 'depth' && !event.snapshot ? this.#depth(event, stream) : []
  }

  #depth(event: DepthEvent, stream: string): MarketFrame[] {
    const s = this.#symbol
    const { time, firstId, lastId, previousId } = event
    this.#book.applyDelta(event.bidTicks, event.bidLots, event.askTicks, event.askLots)
    const ids = { E: time, T: time, s, ps: s, st: 1 }
    const b = this.#levels(event.bidTicks, event.bidLots)
    const a = this.#levels(event.askTicks, event.askLots)
    const data = { e: 'depthUpdate', ...ids, U: firstId, u: lastId, pu: previousId, b, a }
    const quote = this.#quote(lastId, ids)
    const depth = { stream: this.#depthStream, data }
    return quote === null ? [depth] : [depth, { stream: `${stream}@bookTicker`, data: quote }]
  }

  #quote(u: number, ids: Record<string, unknown>): Record<string, unknown> | null {
    const bid = this.#book.bestBid()
    const ask = this.#book.bestAsk()
    if (bid === null || ask === null) return null
    const b = this.#price(bid)
    const a = this.#price(ask)
    const B = this.#quantity(this.#book.lotsAt('bid', bid))
    const A = this.#quantity(this.#book.lotsAt('ask', ask))
    return { e: 'bookTicker', u, b, B, a, A, ...ids }
  }

  #levels(ticks: readonly number[], lots: readonly number[]): [string, string][] {
    return ticks.map((price, row) => [this.#price(price), this.#quantity(lots[row]!)])
  }

  #price(ticks: number): string {
    return stepsToDecimal(ticks, this.#tick)
  }

  #quantity(lots: number): string {
    return stepsToDecimal(lots, this.#lot)
  }
}
