import type { FeedStatus, Instrument } from '@tapedeck/contracts'
import type { FeedEvent, MarketEvent } from '@tapedeck/core'
import { BookKeeper } from './book-keeper.ts'
import { EventQueue } from './event-queue.ts'
import { gridOf, readSighted, sight, type InstrumentGrid } from '../market/index.ts'
import type { BinancePublicRest } from '../public-rest.ts'
import { StreamSocket } from './stream-socket.ts'
import { TradeRepair } from './trade-repair.ts'

export type LiveFeedOptions = {
  readonly instruments: readonly Instrument[]
  readonly rest: Pick<BinancePublicRest, 'depthSnapshot' | 'aggTrades'>
  /** `wss://fstream.binance.com`; the routes `/market` and `/public` are below it. */
  readonly streamUrl: string
  readonly signal: AbortSignal
  /** Last aggregate id already on the tape, by symbol: what came since is fetched. */
  readonly lastTradeIds?: Readonly<Record<string, number>>
  /** Longest silence by channel before reconnecting. Default 60 s, 10 s, 10 s. */
  readonly staleMs?: Partial<Record<FeedStatus['channel'], number>>
  /** Default 23 h. */
  readonly rolloverMs?: number
  /** Default 500 ms to 30 s. */
  readonly backoffFirstMs?: number
  readonly backoffMaxMs?: number
  /** Market time is told this long after the venue's estimated clock. Default 2000. */
  readonly clockLagMs?: number
}

type Desk = {
  readonly grid: InstrumentGrid
  readonly repair: TradeRepair
  readonly book: BookKeeper
}

const STALE_MS = { trades: 60_000, depth: 10_000, mark: 10_000 } as const
const QUEUE_MAX = 200_000

/**
 * Binance USD-M, live: aggregate trades and marks from the market route, book changes from the public
 * route (a stream on the wrong route is silent, not refused). Yields the same events as recordings.
 *
 * Holes in the prints are filled by REST first; a broken book is fetched anew; whatever happens to a
 * connection is told as a feed event. Ends when the signal aborts, never by itself.
 */
export class BinanceLiveFeed {
  readonly #options: LiveFeedOptions
  readonly #queue = new EventQueue<MarketEvent>(QUEUE_MAX)
  readonly #desks = new Map<string, Desk>()
  readonly #sockets: StreamSocket[]
  /** Venue time minus ours, by the fastest message of late. */
  #offset: number | null = null
  /** Messages that could not be read, and the last reason: for metrics. */
  unreadable = 0
  unreadableReason: string | null = null

  constructor(options: LiveFeedOptions) {
    this.#options = options
    for (const instrument of options.instruments)
      this.#desks.set(instrument.symbol, this.#openDesk(gridOf(instrument)))
    const symbols = options.instruments.map(({ symbol }) => symbol.toLowerCase())
    this.#sockets = [
      this.#socket(
        'market',
        symbols.flatMap((name) => [`${name}@aggTrade`, `${name}@markPrice@1s`]),
        ['trades', 'mark'],
      ),
      this.#socket(
        'public',
        symbols.map((name) => `${name}@depth@100ms`),
        ['depth'],
      ),
    ]
  }

  async *events(): AsyncGenerator<readonly MarketEvent[], void, undefined> {
    const { signal } = this.#options
    for (const socket of this.#sockets) socket.start()
    const clock = setInterval(() => this.#tick(), 1000)
    const stop = (): void => this.#queue.close()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    try {
      for (;;) {
        const events = await this.#queue.take()
        if (events === null) return
        yield events
      }
    } finally {
      clearInterval(clock)
      signal.removeEventListener('abort', stop)
      for (const socket of this.#sockets) socket.stop()
      for (const { book } of this.#desks.values()) book.stop()
    }
  }

  #openDesk(grid: InstrumentGrid): Desk {
    const { rest, backoffFirstMs = 500, backoffMaxMs = 30_000, lastTradeIds = {} } = this.#options
    const repair = new TradeRepair(
      {
        fetch: (fromId) => rest.aggTrades(grid, fromId),
        emit: (trades) => this.#push(trades),
        attemptsMax: 3,
        pagesMax: 50,
        waitMs: backoffFirstMs,
      },
      lastTradeIds[grid.symbol] ?? null,
    )
    const book = new BookKeeper({
      fetchSnapshot: () => rest.depthSnapshot(grid),
      emit: (events) => this.#push(events),
      onResync: (reason) => this.#tell(grid.symbol, 'depth', 'resync', reason),
      waitFirstMs: backoffFirstMs,
      waitMaxMs: backoffMaxMs,
    })
    return { grid, repair, book }
  }

  #socket(
    route: 'market' | 'public',
    streams: readonly string[],
    channels: readonly FeedStatus['channel'][],
  ): StreamSocket {
    const { streamUrl, rolloverMs = 23 * 3_600_000 } = this.#options
    const { backoffFirstMs = 500, backoffMaxMs = 30_000 } = this.#options
    const tellAll = (status: FeedStatus['status'], reason: string): void => {
      for (const symbol of this.#desks.keys())
        for (const channel of channels) this.#tell(symbol, channel, status, reason)
    }
    return new StreamSocket({
      url: `${streamUrl}/${route}/stream`,
      streams,
      staleMs: (stream) => this.#staleMs(stream),
      rolloverMs,
      backoffFirstMs,
      backoffMaxMs,
      onMessage: (message) => this.#receive(message),
      onUp: () => undefined,
      onDown: (reason) => {
        if (route === 'public') for (const { book } of this.#desks.values()) book.reset()
        tellAll('down', reason)
      },
      onStale: (stream, silentMs) => {
        const [name, kind] = stream.split('@') as [string, string]
        const channel = kind === 'aggTrade' ? 'trades' : kind === 'depth' ? 'depth' : 'mark'
        this.#tell(name.toUpperCase(), channel, 'stale', `silent for ${silentMs} ms`)
      },
    })
  }

  #staleMs(stream: string): number {
    const limits = { ...STALE_MS, ...this.#options.staleMs }
    if (stream.endsWith('@aggTrade')) return limits.trades
    return stream.includes('@depth') ? limits.depth : limits.mark
  }

  #receive(message: unknown): void {
    try {
      const sighted = sight(message)
      const desk = sighted?.symbol == null ? undefined : this.#desks.get(sighted.symbol)
      if (sighted === null || desk === undefined) return
      const event = readSighted(sighted, desk.grid)
      this.#noteTime(sighted.data['E'])
      if (event.kind === 'trade') desk.repair.take(event)
      else if (event.kind === 'depth') desk.book.take(event)
      else this.#push([event])
    } catch (error) {
      this.unreadable++
      this.unreadableReason = error instanceof Error ? error.message : String(error)
    }
  }

  #noteTime(sent: unknown): void {
    if (typeof sent !== 'number') return
    const offset = sent - Date.now()
    // Slowly forgotten, so that a clock that was stepped is followed within minutes.
    this.#offset = Math.max(offset, (this.#offset ?? offset) - 1)
  }

  /** Market time goes on in silence, behind the venue's clock so that prints under way are not late. */
  #tick(): void {
    if (this.#offset === null) return
    const time = Math.round(Date.now() + this.#offset - (this.#options.clockLagMs ?? 2000))
    this.#push([{ kind: 'clock', time }])
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
    this.#push([event])
  }

  /** A reader that cannot keep up: give the connections up, let it drain, and repair the hole then. */
  #push(events: readonly MarketEvent[]): void {
    if (this.#queue.push(events)) return
    for (const socket of this.#sockets) socket.reconnect('the reader is too slow')
  }
}
