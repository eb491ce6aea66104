import type { MarketEvent } from '@tapedeck/core'
import { timeOf } from '../tape/event-clock.ts'
import type { EventChunk, TradeChunk } from '../tape/tape-chunk.ts'

/** Takes what a tape holds, in its order. */
export type FeedSink = {
  /** Rows `from` up to and without `to` of a chunk of prints, nothing of another stream between them. */
  trades(chunk: TradeChunk, from: number, to: number): void
  event(event: MarketEvent): void
}

/** How far a stream may be given out: before a place in its tape's order, and before a time of other tapes. */
export type FeedLimit = { readonly order: number; readonly time: number }

/** One stream of a tape: the prints of a symbol, or everything else of it. */
abstract class StreamCursor<C extends { readonly symbol: string; readonly order: Float64Array }> {
  readonly #chunks: AsyncIterator<C>
  protected chunk: C | null = null
  protected row = 0

  constructor(chunks: AsyncIterable<C>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Place of the next one in the tape's order. Only while it does not need to be filled. */
  get order(): number {
    return this.chunk!.order[this.row]!
  }

  get symbol(): string {
    return this.chunk!.symbol
  }

  /** The chunk at hand is used up. */
  get needs(): boolean {
    return this.chunk === null || this.row >= this.length(this.chunk)
  }

  /** Time of the next one in ms; null where it tells none. */
  abstract get time(): number | null

  /** Reads on. False at the end. */
  async fill(): Promise<boolean> {
    for (;;) {
      const next = await this.#chunks.next()
      this.row = 0
      this.chunk = next.done === true ? null : next.value
      if (this.chunk === null) return false
      if (this.length(this.chunk) > 0) return true
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  protected abstract length(chunk: C): number

  /** Gives out the next one, and what follows up to the limit or the end of the chunk. */
  abstract give(limit: FeedLimit, sink: FeedSink): void
}

export class TradeCursor extends StreamCursor<TradeChunk> {
  get time(): number {
    return this.chunk!.time[this.row]!
  }

  protected length(chunk: TradeChunk): number {
    return chunk.count
  }

  give(limit: FeedLimit, sink: FeedSink): void {
    const chunk = this.chunk!
    const { order, time, count } = chunk
    const from = this.row
    let to = count
    // Most often nothing else comes before the chunk's end.
    if (order[count - 1]! >= limit.order || limit.time !== Infinity) {
      to = from + 1
      while (to < count && order[to]! < limit.order && time[to]! < limit.time) to++
    }
    this.row = to
    sink.trades(chunk, from, to)
  }
}

export class EventCursor extends StreamCursor<EventChunk> {
  get time(): number | null {
    return timeOf(this.chunk!.events[this.row]!)
  }

  protected length(chunk: EventChunk): number {
    return chunk.events.length
  }

  give(limit: FeedLimit, sink: FeedSink): void {
    const { events, order } = this.chunk!
    do sink.event(events[this.row++]!)
    while (this.row < events.length && order[this.row]! < limit.order && this.#isBefore(limit.time))
  }

  #isBefore(time: number): boolean {
    return time === Infinity || (this.time ?? Infinity) < time
  }
}
