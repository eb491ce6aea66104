import { type FeedStatus, type Instrument, type Message, isType } from '@tapedeck/contracts'
import { type Clock, type Metrics, WATCHED_METRICS, defineMetrics } from '@tapedeck/runtime'

/** What ingest measures beside what its alerts read. */
export const METRICS = defineMetrics({
  trades: {
    type: 'counter',
    name: 'tapedeck_trades_ingested_total',
    help: 'Public prints that were put on the tape',
    labels: ['venue', 'symbol'],
  },
  missing: {
    type: 'counter',
    name: 'tapedeck_trades_missing_total',
    help: 'Ids of prints that never came and could not be fetched',
    labels: ['venue', 'symbol'],
  },
  statuses: {
    type: 'counter',
    name: 'tapedeck_feed_statuses_total',
    help: 'Changes of a feed that were put on the tape',
    labels: ['venue', 'symbol', 'channel', 'status'],
  },
  marketTime: {
    type: 'gauge',
    name: 'tapedeck_market_timestamp_seconds',
    help: 'Market time that has been reached on the tape',
  },
})

/** The longest window that is measured over a hole: for as long the hole matters. */
const GAP_SHOWN_MS = 5 * 60_000

type Feed = { readonly venue: string; readonly symbol: string }

/** Shows how each feed is, by what ingest puts on the tape of it. */
export class FeedMeter {
  readonly #clock: Clock
  readonly #made
  readonly #watched
  /** Market time of the newest hole that is shown, by venue and symbol. */
  readonly #gaps = new Map<string, { readonly feed: Feed; readonly at: number }>()

  constructor(metrics: Metrics, clock: Clock) {
    this.#clock = clock
    this.#made = metrics.register(METRICS)
    this.#watched = metrics.register(WATCHED_METRICS.ingest)
  }

  /** Begins with every feed of a run down and without a hole. */
  begin(instruments: readonly Instrument[]): void {
    for (const { venue, symbol } of instruments) {
      this.#watched.feedUp.set({ venue, symbol }, 0)
      this.#watched.gapOpen.set({ venue, symbol }, 0)
    }
  }

  /** Nothing more comes of any feed. */
  end(instruments: readonly Instrument[]): void {
    for (const { venue, symbol } of instruments) this.#watched.feedUp.set({ venue, symbol }, 0)
  }

  /** What was just put on the tape, up to this market time. */
  observe(outputs: readonly { readonly message: Message }[], marketTime: number): void {
    for (const { message } of outputs) this.#take(message)
    this.#made.marketTime.set(marketTime / 1000)
    for (const [key, { feed, at }] of this.#gaps)
      if (marketTime - at >= GAP_SHOWN_MS) {
        this.#gaps.delete(key)
        this.#watched.gapOpen.set({ ...feed }, 0)
      }
  }

  #take(message: Message): void {
    if (isType(message, 'market.trades')) {
      const { venue, symbol, id, gap } = message.payload
      this.#made.trades.inc({ venue, symbol }, id.length)
      if (gap > 0) this.#made.missing.inc({ venue, symbol }, gap)
      // Prints are the proof; after a restart nobody says again that the feed is up.
      this.#watched.feedUp.set({ venue, symbol }, 1)
      this.#arrived(message.payload)
    } else if (isType(message, 'market.depth') || isType(message, 'market.mark'))
      this.#arrived(message.payload)
    else if (isType(message, 'market.feed.status'))
      this.#status(message.payload, message.occurred_at)
  }

  #arrived({ venue, symbol }: Feed): void {
    this.#watched.lastEvent.set({ venue, symbol }, this.#clock.now() / 1000)
  }

  /** The prints stand for the feed: without them nothing is measured. */
  #status({ venue, symbol, channel, status }: FeedStatus, at: number): void {
    this.#made.statuses.inc({ venue, symbol, channel, status })
    if (channel !== 'trades') return
    if (status === 'up') this.#watched.feedUp.set({ venue, symbol }, 1)
    else if (status === 'down') this.#watched.feedUp.set({ venue, symbol }, 0)
    else if (status === 'gap') {
      this.#gaps.set(`${venue}|${symbol}`, { feed: { venue, symbol }, at })
      this.#watched.gapOpen.set({ venue, symbol }, 1)
    }
  }
}
