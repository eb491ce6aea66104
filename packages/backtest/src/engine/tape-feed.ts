import type { MarketEvent } from '@tapedeck/core'
import type { EventChunk, TapeReader, TimeRange, TradeChunk } from '../tape/tape-chunk.ts'

/** Takes what a tape holds, in its order. */
export type FeedSink = {
  /** Rows `from` up to and without `to` of a chunk of prints, nothing of another stream between them. */
  trades(chunk: TradeChunk, from: number, to: number): void
  event(event: MarketEvent): void
}

/** One stream of a tape: the prints of a symbol, or everything else of it. */
abstract class Cursor<C extends { readonly symbol: string; readonly order: Float64Array }> {
  readonly #chunks: AsyncIterator<C>
  readonly rank: number
  protected chunk: C | null = null
  protected row = 0

  constructor(chunks: AsyncIterable<C>, rank: number) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.rank = rank
  }

  /** The next place in the tape's order; Infinity at the end. */
  get head(): number {
    return this.chunk === null ? Infinity : this.chunk.order[this.row]!
  }

  /** Reads on when the chunk at hand is used up. False at the end. */
  get needs(): boolean {
    return this.chunk === null || this.row >= this.length(this.chunk)
  }

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
  /** Gives out everything before `limit`. */
  abstract giveUntil(limit: number, sink: FeedSink): void
}

class TradeCursor extends Cursor<TradeChunk> {
  protected length(chunk: TradeChunk): number {
    return chunk.count
  }

  giveUntil(limit: number, sink: FeedSink): void {
    const chunk = this.chunk!
    const { order, count } = chunk
    const from = this.row
    let to = count
    // Most often nothing else comes before the chunk's end.
    if (order[count - 1]! >= limit) {
      to = from + 1
      while (order[to]! < limit) to++
    }
    this.row = to
    sink.trades(chunk, from, to)
  }
}

class EventCursor extends Cursor<EventChunk> {
  protected length(chunk: EventChunk): number {
    return chunk.events.length
  }

  giveUntil(limit: number, sink: FeedSink): void {
    const { events, order } = this.chunk!
    do sink.event(events[this.row++]!)
    while (this.row < events.length && order[this.row]! < limit)
  }
}

type AnyCursor = TradeCursor | EventCursor

/** The stream that comes next, and where the one after it stands. */
const nextOf = (cursors: readonly AnyCursor[]): { first: AnyCursor; limit: number } => {
  let first = cursors[0]!
  let limit = Infinity
  for (let i = 1; i < cursors.length; i++) {
    const cursor = cursors[i]!
    if (cursor.head < first.head) {
      limit = first.head
      first = cursor
    } else if (cursor.head < limit) limit = cursor.head
  }
  return { first, limit }
}

/**
 * Everything of a tape in its own order, all symbols on one clock. `pause` is awaited between pieces,
 * and may throw to end it.
 */
export const feedTape = async (
  tape: TapeReader,
  range: TimeRange,
  sink: FeedSink,
  pause: () => Promise<void> | null,
): Promise<void> => {
  const symbols = tape.instruments.map(({ symbol }) => symbol)
  const all: AnyCursor[] = symbols.flatMap((symbol, rank) => [
    new TradeCursor(tape.trades(symbol, range), rank),
    new EventCursor(tape.events(symbol, range), rank),
  ])
  try {
    let open: AnyCursor[] = []
    for (const cursor of all) if (await cursor.fill()) open.push(cursor)
    while (open.length > 0) {
      const { first, limit } = nextOf(open)
      first.giveUntil(limit, sink)
      if (first.needs && !(await first.fill())) open = open.filter((one) => one !== first)
      const wait = pause()
      if (wait !== null) await wait
    }
  } finally {
    for (const cursor of all) await cursor.close()
  }
}
