import type { TapeReader, TimeRange } from '../tape/tape-chunk.ts'
import { EventCursor, TradeCursor, type FeedSink } from './stream-cursor.ts'

type Cursor = TradeCursor | EventCursor

/** One tape while it is played: its streams in the order of the source. */
class OpenedTape {
  readonly #all: readonly Cursor[]
  #open: Cursor[] = []
  /** The latest time that was given out: what tells no time of its own lies there. */
  #reached = -Infinity

  constructor(tape: TapeReader, range: TimeRange) {
    this.#all = tape.instruments.flatMap(({ symbol }) => [
      new TradeCursor(tape.trades(symbol, range)),
      new EventCursor(tape.events(symbol, range)),
    ])
  }

  async start(): Promise<void> {
    for (const cursor of this.#all) if (await cursor.fill()) this.#open.push(cursor)
  }

  get isOver(): boolean {
    return this.#open.length === 0
  }

  get head(): { readonly time: number; readonly symbol: string } {
    const first = this.#first()
    return { time: Math.max(this.#reached, first.time ?? -Infinity), symbol: first.symbol }
  }

  /** Gives out the next piece, everything of it before `time` where other tapes follow. */
  async give(time: number, sink: FeedSink): Promise<void> {
    const first = this.#first()
    let order = Infinity
    for (const other of this.#open) if (other !== first && other.order < order) order = other.order
    this.#reached = Math.max(this.#reached, first.time ?? -Infinity)
    first.give({ order, time }, sink)
    if (first.needs && !(await first.fill())) this.#open = this.#open.filter((one) => one !== first)
  }

  async close(): Promise<void> {
    for (const cursor of this.#all) await cursor.close()
  }

  #first(): Cursor {
    let first = this.#open[0]!
    for (const cursor of this.#open) if (cursor.order < first.order) first = cursor
    return first
  }
}

/** The tape that comes next (earlier, then by symbol), and when another one does. */
const nextOf = (tapes: readonly OpenedTape[]): { first: OpenedTape; time: number } => {
  if (tapes.length === 1) return { first: tapes[0]!, time: Infinity }
  const [best, after] = tapes
    .map((tape) => ({ tape, ...tape.head }))
    .toSorted((a, b) => a.time - b.time || (a.symbol < b.symbol ? -1 : 1))
  return { first: best!.tape, time: after!.time }
}

/**
 * Everything of one tape in its own order, all symbols on one clock; several tapes, which have no order
 * among each other, by time and then by symbol. `pause` is awaited between pieces and may throw to end it.
 */
export const feedTapes = async (
  tapes: readonly TapeReader[],
  range: TimeRange,
  sink: FeedSink,
  pause: () => Promise<void> | null,
): Promise<void> => {
  const opened = tapes.map((tape) => new OpenedTape(tape, range))
  try {
    for (const tape of opened) await tape.start()
    let open = opened.filter(({ isOver }) => !isOver)
    while (open.length > 0) {
      const { first, time } = nextOf(open)
      await first.give(time, sink)
      if (first.isOver) open = open.filter((one) => one !== first)
      const wait = pause()
      if (wait !== null) await wait
    }
  } finally {
    for (const tape of opened) await tape.close()
  }
}

/** Everything of one tape in its own order; see `feedTapes`. */
export const feedTape = async (
  tape: TapeReader,
  range: TimeRange,
  sink: FeedSink,
  pause: () => Promise<void> | null,
): Promise<void> => await feedTapes([tape], range, sink, pause)
