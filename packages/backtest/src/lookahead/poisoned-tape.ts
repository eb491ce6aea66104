import type { MarketEvent } from '@tapedeck/core'
import type { EventChunk, TapeReader, TimeRange, TradeChunk } from '../tape/tape-chunk.ts'
import { rowAfter } from './tape-cut.ts'

/** An event with its place in the order of a tape. */
export type Placed = { readonly order: number; readonly event: MarketEvent }

/** A tape up to a place in its order, then given events by symbol. */
export class PoisonedTape implements TapeReader {
  readonly instruments: TapeReader['instruments']
  readonly from: number
  readonly to: number
  readonly fingerprint: string
  readonly composer: NonNullable<TapeReader['composer']>
  readonly #clean: TapeReader
  readonly #order: number
  readonly #after: ReadonlyMap<string, readonly Placed[]>

  /** `order`: the first place that is not as it was; the places of `after` rise from there, and no two are the same. */
  constructor(clean: TapeReader, order: number, after: ReadonlyMap<string, readonly Placed[]>) {
    this.#clean = clean
    this.#order = order
    this.#after = after
    // What a subject may read beside the data says nothing of the future either way.
    this.instruments = clean.instruments
    this.from = clean.from
    this.to = clean.to
    this.fingerprint = clean.fingerprint
    this.composer = clean.composer ?? {}
  }

  async *trades(symbol: string, range?: TimeRange): AsyncGenerator<TradeChunk, void, undefined> {
    for await (const chunk of this.#clean.trades(symbol, range)) {
      const count = rowAfter(chunk.order, chunk.count, this.#order)
      if (count > 0) yield { ...chunk, count }
      if (count < chunk.count) break
    }
  }

  /** Garbage comes as events, prints included: a tape may hold either. */
  async *events(symbol: string, range?: TimeRange): AsyncGenerator<EventChunk, void, undefined> {
    for await (const chunk of this.#clean.events(symbol, range)) {
      const count = rowAfter(chunk.order, chunk.events.length, this.#order)
      if (count > 0)
        yield {
          ...chunk,
          order: chunk.order.subarray(0, count),
          events: chunk.events.slice(0, count),
        }
      if (count < chunk.events.length) break
    }
    const after = this.#after.get(symbol) ?? []
    if (after.length > 0)
      yield {
        symbol,
        order: Float64Array.from(after, ({ order }) => order),
        events: after.map(({ event }) => event),
      }
  }
}
