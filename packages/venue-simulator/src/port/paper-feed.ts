import type { DepthEvent, MarketEvent } from '@tapedeck/core'
import {
  gridOf,
  stepsOf,
  type InstrumentGrid,
  type MarketFeed,
  type MarketFeedRequest,
} from '@tapedeck/venue'
import type {
  AggregateTrade,
  BookView,
  Exchange,
  LevelView,
  PremiumIndex,
  PublicEvent,
} from '../exchange/index.ts'

/** The exchange tells nothing that is off the grid of its instrument. */
const ticksOf = (price: string, grid: InstrumentGrid): number =>
  stepsOf('price', price, grid.tick, 'tick')
const lotsOf = (quantity: string, grid: InstrumentGrid): number =>
  stepsOf('quantity', quantity, grid.lot, 'lot')

/** Prints that are fetched for who was away: what the exchange keeps. */
const TRADES_MAX = 20_000
const SECOND_MS = 1000

const sidesOf = (
  grid: InstrumentGrid,
  { bids, asks }: { readonly bids: readonly LevelView[]; readonly asks: readonly LevelView[] },
): Pick<DepthEvent, 'bidTicks' | 'bidLots' | 'askTicks' | 'askLots'> => ({
  bidTicks: bids.map(([price]) => ticksOf(price, grid)),
  bidLots: bids.map(([, lots]) => lotsOf(lots, grid)),
  askTicks: asks.map(([price]) => ticksOf(price, grid)),
  askLots: asks.map(([, lots]) => lotsOf(lots, grid)),
})

const printOf = (grid: InstrumentGrid, trade: AggregateTrade): MarketEvent => ({
  kind: 'trade',
  symbol: trade.symbol,
  id: trade.id,
  priceTicks: ticksOf(trade.price, grid),
  quantityLots: lotsOf(trade.quantity, grid),
  time: trade.time,
  maker: trade.buyerIsMaker ? 1 : 0,
  excluded: false,
})

const snapshotOf = (grid: InstrumentGrid, book: BookView): MarketEvent => ({
  kind: 'depth',
  symbol: grid.symbol,
  snapshot: true,
  firstId: book.lastUpdateId,
  lastId: book.lastUpdateId,
  previousId: null,
  time: book.time,
  ...sidesOf(grid, book),
})

const changeOf = (
  grid: InstrumentGrid,
  event: Extract<PublicEvent, { kind: 'depth' }>,
): MarketEvent => ({
  kind: 'depth',
  symbol: grid.symbol,
  snapshot: false,
  firstId: event.firstId,
  lastId: event.lastId,
  previousId: event.previousId,
  time: event.time,
  ...sidesOf(grid, event),
})

const markOf = (premium: PremiumIndex): MarketEvent => ({
  kind: 'mark',
  symbol: premium.symbol,
  time: premium.time,
  markPrice: Number(premium.markPrice),
  indexPrice: Number(premium.indexPrice),
  fundingRate: Number(premium.fundingRate),
  nextFundingTime: premium.nextFundingTime,
})

/** What an exchange in the same process tells everybody: nothing is lost, so nothing is repaired. */
export class PaperFeed implements MarketFeed {
  readonly faults = {}
  readonly counts = { resyncs: 0, snapshots: 0, opened: 0 }
  readonly #grids: ReadonlyMap<string, InstrumentGrid>
  readonly #signal: AbortSignal
  #waiting: MarketEvent[] = []
  #second: number
  #wake = (): void => undefined

  constructor(exchange: Exchange, { instruments, signal, lastTradeIds = {} }: MarketFeedRequest) {
    this.#grids = new Map(instruments.map((one) => [one.symbol, gridOf(one)]))
    this.#signal = signal
    this.#second = Math.floor(exchange.time / SECOND_MS)
    signal.addEventListener('abort', () => this.#wake(), { once: true })
    for (const grid of this.#grids.values()) {
      const last = lastTradeIds[grid.symbol]
      if (last !== undefined)
        for (const trade of exchange.aggregateTrades(grid.symbol, TRADES_MAX, last + 1))
          this.#tell(printOf(grid, trade))
      const book = exchange.book(grid.symbol, Infinity)
      if (book !== null) this.#tell(snapshotOf(grid, book))
    }
  }

  /** What the exchange told. */
  take(event: PublicEvent): void {
    const made = this.#read(event)
    if (made !== null) this.#tell(made)
  }

  /** The exchange's clock has reached `time`. */
  advanceTo(time: number): void {
    const second = Math.floor(time / SECOND_MS)
    if (second <= this.#second) return
    this.#second = second
    this.#tell({ kind: 'clock', time })
  }

  async *events(): AsyncGenerator<readonly MarketEvent[], void, undefined> {
    while (!this.#signal.aborted) {
      if (this.#waiting.length === 0)
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      const told = this.#waiting
      this.#waiting = []
      if (told.length > 0) yield told
    }
  }

  #read(event: PublicEvent): MarketEvent | null {
    if (event.kind === 'aggregate_trade') {
      const grid = this.#grids.get(event.trade.symbol)
      return grid === undefined ? null : printOf(grid, event.trade)
    }
    if (event.kind === 'depth') {
      const grid = this.#grids.get(event.symbol)
      return grid === undefined ? null : changeOf(grid, event)
    }
    if (event.kind === 'mark' && this.#grids.has(event.premium.symbol)) return markOf(event.premium)
    return null
  }

  #tell(event: MarketEvent): void {
    if (this.#signal.aborted) return
    this.#waiting.push(event)
    this.#wake()
  }
}
