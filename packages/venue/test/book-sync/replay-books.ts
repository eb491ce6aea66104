import type { DepthEvent, OrderBook, QuoteEvent } from '@tapedeck/core'
import { Backoff } from '../../src/binance/streams/backoff.ts'
import { BookKeeper } from '../../src/binance/streams/book-keeper.ts'
import type { BookMessage, RecordedSession } from './recorded-session.ts'
import { ReplayClock } from './replay-clock.ts'
import { VenueBook } from './venue-book.ts'

/** While the book is not claimed: by update ids and event time. */
export type Taint = {
  readonly reason: string
  readonly fromId: number
  toId: number | null
  readonly from: number
  to: number | null
}

export type FileCounts = {
  changes: number
  quotes: number
  /** Quotes that carry the id at which the claimed book stands, and that it agrees with. */
  matched: number
  agreed: number
}

export type Replay = {
  readonly files: readonly FileCounts[]
  /** Claimed books that were compared level by level with the undamaged one at the same id. */
  readonly compared: number
  readonly wrong: number
  readonly taints: readonly Taint[]
  readonly resyncs: number
  readonly snapshots: number
  /** Whether the book is claimed at the end. */
  readonly synced: boolean
}

/** How long the venue takes to answer; what it says is from the middle of it. */
const ANSWER_MS = 120
const COMPARED_LEVELS = 20

const levelsOf = (book: OrderBook): string =>
  JSON.stringify([book.levels('bid', COMPARED_LEVELS), book.levels('ask', COMPARED_LEVELS)])

const agrees = (book: OrderBook, quote: QuoteEvent): boolean =>
  book.bestBid() === quote.bidTicks &&
  book.bestAsk() === quote.askTicks &&
  book.lotsAt('bid', quote.bidTicks) === quote.bidLots &&
  book.lotsAt('ask', quote.askTicks) === quote.askLots

/** Everything that promises lead to. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

class BookReplay {
  readonly #clock = new ReplayClock()
  readonly #truth: VenueBook
  readonly #keeper: BookKeeper
  readonly #files: FileCounts[]
  readonly #taints: Taint[] = []
  readonly #compareEvery: number
  /** Quotes of ids that the book has not reached. */
  readonly #waiting = new Map<number, { quote: QuoteEvent; counts: FileCounts }>()
  #seenId = 0
  #last: DepthEvent | null = null
  #claimed = 0
  #compared = 0
  #wrong = 0

  constructor(session: RecordedSession, compareEvery: number) {
    this.#truth = new VenueBook(session.messages)
    this.#files = session.files.map(() => ({ changes: 0, quotes: 0, matched: 0, agreed: 0 }))
    this.#compareEvery = compareEvery
    const clock = this.#clock
    const keeper: BookKeeper = new BookKeeper({
      clock,
      backoff: new Backoff({ firstMs: 50, maxMs: 1000, random: () => 1 }),
      fetchSnapshot: () => this.#answer(),
      emit: (events) => {
        const taint = this.#taints.at(-1)
        if (events[0]?.snapshot !== true || taint === undefined) return
        taint.toId = keeper.lastId
        taint.to = clock.now()
      },
      onResync: (reason) =>
        this.#taints.push({
          reason,
          fromId: keeper.lastId,
          toId: null,
          from: clock.now(),
          to: null,
        }),
    })
    this.#keeper = keeper
  }

  async play(messages: readonly BookMessage[]): Promise<Replay> {
    for (const message of messages) {
      const counts = this.#files[message.file]!
      if (message.kind === 'quote') this.#quote(message, counts)
      else if (!message.snapshot) {
        // The recording's own snapshot is what the first request was answered with.
        counts.changes++
        await this.#change(message)
      }
    }
    const { resyncs, snapshots, book } = this.#keeper
    this.#keeper.stop()
    return {
      files: this.#files,
      compared: this.#compared,
      wrong: this.#wrong,
      taints: this.#taints,
      resyncs,
      snapshots,
      synced: book !== null,
    }
  }

  #answer(): Promise<DepthEvent> {
    return new Promise((resolve) => {
      this.#clock.after(ANSWER_MS / 2, () => {
        this.#truth.reach(this.#seenId)
        const answer = this.#truth.answer(this.#last!)
        this.#clock.after(ANSWER_MS / 2, () => resolve(answer))
      })
    })
  }

  #quote(quote: QuoteEvent, counts: FileCounts): void {
    counts.quotes++
    if (quote.updateId > this.#keeper.lastId) this.#waiting.set(quote.updateId, { quote, counts })
    else this.#judge(quote, counts)
  }

  #judge(quote: QuoteEvent, counts: FileCounts): void {
    const { book, lastId } = this.#keeper
    if (book === null || lastId !== quote.updateId) return
    counts.matched++
    if (agrees(book, quote)) counts.agreed++
  }

  async #change(change: DepthEvent): Promise<void> {
    this.#last = change
    this.#seenId = Math.max(this.#seenId, change.lastId)
    if (this.#clock.reach(change.time ?? 0)) await settle()
    this.#keeper.take(change)
    const { book, lastId } = this.#keeper
    if (book === null) return
    const waiting = this.#waiting.get(lastId)
    if (waiting !== undefined) this.#judge(waiting.quote, waiting.counts)
    for (const id of this.#waiting.keys()) {
      if (id > lastId) break
      this.#waiting.delete(id)
    }
    if (++this.#claimed % this.#compareEvery === 0) this.#compare(book, lastId)
  }

  #compare(book: OrderBook, lastId: number): void {
    this.#truth.reach(lastId)
    // An answer under way may have taken the truth further.
    if (this.#truth.lastId !== lastId) return
    this.#compared++
    if (levelsOf(this.#truth.book) !== levelsOf(book)) this.#wrong++
  }
}

/**
 * Plays a damaged stream into a `BookKeeper` and holds every book that it claims against the truth: the
 * recording's quotes by id, and the undamaged book level by level. Snapshots are answered as the venue
 * would: with the whole book as it was while the request was under way.
 */
export const replayBooks = async (
  session: RecordedSession,
  damaged: readonly BookMessage[] = session.messages,
  compareEvery = 1,
): Promise<Replay> => await new BookReplay(session, compareEvery).play(damaged)
