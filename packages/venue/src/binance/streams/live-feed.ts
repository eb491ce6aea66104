import type { FeedStatus } from '@tapedeck/contracts'
import type { FeedEvent, MarketEvent } from '@tapedeck/core'
import { machineClock, type VenueClock } from '../../port/venue-clock.ts'
import { silentLog, type VenueLog } from '../../port/venue-log.ts'
import type { MarketFeed, MarketFeedRequest } from '../../port/venue-market.ts'
import { gridOf, type InstrumentGrid, type ScannedStream } from '../market/index.ts'
import { Backoff } from './backoff.ts'
import { BookKeeper } from './book-keeper.ts'
import { EventQueue } from './event-queue.ts'
import { linkTimes, type LinkTimeOptions } from './link-times.ts'
import type { MarketRest } from './market-rest.ts'
import { marketFrameReader } from './read-market-frame.ts'
import type { OpenLink } from './stream-link.ts'
import type { StreamMessage } from './stream-overlap.ts'
import { planConnections, type MarketVenue, type PlannedConnection } from './stream-plan.ts'
import { StreamSocket } from './stream-socket.ts'
import { TradeRepair } from './trade-repair.ts'
import { VenueTime } from './venue-time.ts'
import { openWebSocket } from './web-socket-link.ts'

/** How long things may take; each has a default. */
export type LiveFeedTimes = LinkTimeOptions & {
  /** Longest silence by channel before reconnecting. Default 60 s, 10 s, 10 s. */
  readonly staleMs?: Partial<Record<FeedStatus['channel'], number>>
  /** Market time is told this long after the venue's estimated clock. Default 2000. */
  readonly clockLagMs?: number
}

/** `lastTradeIds` of the request are those of aggregate trades. */
export type LiveFeedOptions = MarketFeedRequest &
  LiveFeedTimes & {
    /** Default `binance-usdm`. */
    readonly venue?: MarketVenue
    readonly rest: MarketRest
    /** `wss://fstream.binance.com`; the routes `/market` and `/public` are below it. */
    readonly streamUrl: string
    readonly log?: VenueLog
    readonly clock?: VenueClock
    /** Default: a websocket. */
    readonly openLink?: OpenLink
    /** 0 to 1, for the jitter of waits. Default `Math.random`. */
    readonly random?: () => number
    /** Events that wait for the reader at most. Default 200000. */
    readonly queueMax?: number
  }

type Desk = {
  readonly repair: TradeRepair
  readonly book: BookKeeper
}

const STALE_MS: Readonly<Record<FeedStatus['channel'], number>> = {
  trades: 60_000,
  depth: 10_000,
  mark: 10_000,
}
const QUEUE_MAX = 200_000
const TICK_MS = 1000
/** A reader that falls behind again and again costs a connection a second at most. */
const REOPEN_MS = 1000

/**
 * Binance's market data, live: aggregate trades, marks and book changes. Yields the same events as
 * recordings do.
 *
 * Holes in the prints are filled by REST first; a broken book is fetched anew; whatever happens to a
 * connection is told as a feed event. Ends when the signal aborts, never by itself.
 */
export class BinanceLiveFeed implements MarketFeed {
  readonly #options: LiveFeedOptions
  readonly #clock: VenueClock
  readonly #queue: EventQueue<MarketEvent>
  readonly #grids: ReadonlyMap<string, InstrumentGrid>
  readonly #desks = new Map<string, Desk>()
  readonly #sockets: readonly StreamSocket<MarketEvent>[]
  readonly #venueTime: VenueTime
  #cancelTick = (): void => undefined
  #cancelReopen = (): void => undefined
  /** No connection is wanted: the reader has not caught up. */
  #isShut = false

  constructor(options: LiveFeedOptions) {
    this.#options = options
    this.#clock = options.clock ?? machineClock
    this.#queue = new EventQueue(options.queueMax ?? QUEUE_MAX)
    this.#venueTime = new VenueTime(this.#clock)
    const { instruments, venue = 'binance-usdm' } = options
    this.#grids = new Map(instruments.map((one) => [one.symbol, gridOf(one)]))
    for (const grid of this.#grids.values()) this.#desks.set(grid.symbol, this.#openDesk(grid))
    this.#sockets = planConnections(venue, [...this.#grids.keys()]).map((planned) =>
      this.#socket(planned),
    )
  }

  /** Frames that could not be used, by what was wrong with them: for metrics. */
  get faults(): Readonly<Record<string, number>> {
    const sum: Record<string, number> = {}
    for (const { faults } of this.#sockets)
      for (const [fault, count] of Object.entries(faults.counts()))
        sum[fault] = (sum[fault] ?? 0) + count
    return sum
  }

  /** Times that the books broke, snapshots asked for, connections opened: for metrics. */
  get counts(): { readonly resyncs: number; readonly snapshots: number; readonly opened: number } {
    const books = [...this.#desks.values()].map(({ book }) => book)
    return {
      resyncs: books.reduce((sum, book) => sum + book.resyncs, 0),
      snapshots: books.reduce((sum, book) => sum + book.snapshots, 0),
      opened: this.#sockets.reduce((sum, socket) => sum + socket.connections.opened, 0),
    }
  }

  async *events(): AsyncGenerator<readonly MarketEvent[], void, undefined> {
    const { signal } = this.#options
    for (const socket of this.#sockets) socket.start()
    this.#scheduleTick()
    const stop = (): void => this.#queue.close()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    try {
      for (;;) {
        const events = await this.#queue.take()
        if (events === null) return
        this.#reopen()
        yield events
      }
    } finally {
      this.#cancelTick()
      this.#cancelReopen()
      signal.removeEventListener('abort', stop)
      for (const socket of this.#sockets) socket.stop()
      for (const { book } of this.#desks.values()) book.stop()
    }
  }

  #openDesk(grid: InstrumentGrid): Desk {
    const { rest, lastTradeIds = {} } = this.#options
    const { backoffFirstMs: firstMs, backoffMaxMs: maxMs } = linkTimes(this.#options)
    const clock = this.#clock
    const repair = new TradeRepair(
      {
        fetch: (fromId) => rest.aggTrades(grid, fromId),
        emit: (trades) => this.#push(trades),
        attemptsMax: 3,
        pagesMax: 50,
        waitMs: firstMs,
        clock,
      },
      lastTradeIds[grid.symbol] ?? null,
    )
    const book = new BookKeeper({
      fetchSnapshot: () => rest.depthSnapshot(grid),
      emit: (events) => this.#push(events),
      onResync: (reason) => this.#tell(grid.symbol, 'depth', 'resync', reason),
      clock,
      backoff: new Backoff({ firstMs, maxMs, random: this.#random }),
    })
    return { repair, book }
  }

  #socket({ path, streams }: PlannedConnection): StreamSocket<MarketEvent> {
    const { streamUrl, openLink = openWebSocket, log = silentLog } = this.#options
    const limits = { ...STALE_MS, ...this.#options.staleMs }
    const planned = new Map(streams.map((stream) => [stream.name, stream]))
    const scanned = streams.flatMap(({ name, symbol, channel }): [string, ScannedStream][] => {
      const kind = channel === 'trades' ? 'aggTrade' : channel === 'depth' ? 'depth' : null
      return kind === null ? [] : [[name, { kind, grid: this.#grids.get(symbol)! }]]
    })
    return new StreamSocket<MarketEvent>({
      url: `${streamUrl}${path}`,
      streams: [...planned.keys()],
      staleMs: (name) => limits[planned.get(name)!.channel],
      read: marketFrameReader(new Map(scanned), this.#grids),
      clock: this.#clock,
      log,
      openLink,
      random: this.#random,
      times: linkTimes(this.#options),
      onMessage: (message) => this.#receive(message),
      onUp: () => undefined,
      onDown: (reason) => {
        for (const { symbol, channel } of streams) {
          if (channel === 'depth') this.#desks.get(symbol)!.book.reset()
          this.#tell(symbol, channel, 'down', reason)
        }
      },
      onStale: (name, silentMs) => {
        const { symbol, channel } = planned.get(name)!
        this.#tell(symbol, channel, 'stale', `silent for ${silentMs} ms`)
      },
    })
  }

  readonly #random = (): number => (this.#options.random ?? Math.random)()

  #receive({ value }: StreamMessage<MarketEvent>): void {
    if ('time' in value && value.time !== null) this.#venueTime.note(value.time)
    const desk = 'symbol' in value ? this.#desks.get(value.symbol) : undefined
    if (desk === undefined) return
    if (value.kind === 'trade') desk.repair.take(value)
    else if (value.kind === 'depth') desk.book.take(value)
    else this.#push([value])
  }

  /** Market time goes on in silence, behind the venue's clock so that prints under way are not late. */
  #scheduleTick(): void {
    this.#cancelTick = this.#clock.after(TICK_MS, () => {
      this.#scheduleTick()
      const now = this.#venueTime.now()
      if (now === null) return
      const time = Math.round(now - (this.#options.clockLagMs ?? 2000))
      this.#push([{ kind: 'clock', time }])
    })
  }

  #tell(
    symbol: string,
    channel: FeedStatus['channel'],
    status: FeedStatus['status'],
    reason: string,
  ): void {
    const event: FeedEvent = {
      kind: 'feed',
      symbol,
      channel,
      status,
      reason: reason.slice(0, 400),
      missingFrom: null,
      missingTo: null,
    }
    this.#queue.tell([event])
  }

  /** False: the reader cannot keep up, and nothing of it was taken. */
  #push(events: readonly MarketEvent[]): boolean {
    if (this.#queue.offer(events)) return true
    this.#shut()
    return false
  }

  /** Gives the connections up until the reader has caught up; the hole is repaired then. */
  #shut(): void {
    if (this.#isShut) return
    this.#isShut = true
    for (const socket of this.#sockets) socket.giveUp('the reader is too slow')
  }

  /** The reader has taken all there was. */
  #reopen(): void {
    if (!this.#isShut) return
    this.#isShut = false
    this.#cancelReopen = this.#clock.after(REOPEN_MS, () => {
      for (const socket of this.#sockets) socket.start()
    })
  }
}
