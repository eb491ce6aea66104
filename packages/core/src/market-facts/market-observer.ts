import type { DepthEvent, MarketEvent, TradeEvent } from '../market/market-event.ts'
import { OrderBook } from '../order-book/order-book.ts'

/** An aggressive order as its prints show it: same side, same millisecond. */
export type SeenOrder = {
  readonly second: number
  readonly sign: 1 | -1
  lots: number
  /** Middle of the book in ticks before its first print. */
  readonly middle: number
}

const SECOND = 1000
const LEVELS = 10

/**
 * What is measured of a market, collected while it is played: the book by the second, orders, prints.
 * Feed it a market's events in their order; seconds without events repeat the last one.
 */
export class MarketObserver {
  /** By the second: middle, spread and depth in ticks and lots, prints, bought less sold lots. */
  readonly middles: number[] = []
  readonly spreads: number[] = []
  readonly bestLots: number[] = []
  readonly nearLots: number[] = []
  readonly prints: number[] = []
  readonly imbalances: number[] = []
  readonly orders: SeenOrder[] = []
  /** How long a best bid or ask stood, ms. */
  readonly quoteLives: number[] = []
  readonly #book = new OrderBook()
  #isWhole = false
  #bookId = 0
  #boundary: number | null = null
  #printed = 0
  #imbalance = 0
  #last: { time: number; side: 0 | 1 } | null = null
  #best = { bid: 0, ask: 0, bidSince: 0, askSince: 0 }

  push(event: MarketEvent): void {
    if (event.kind !== 'trade' && event.kind !== 'depth') return
    if (event.time !== null) this.#reach(event.time)
    if (event.kind === 'depth') this.#depth(event)
    else if (!event.excluded && this.#isWhole) this.#trade(event)
  }

  #reach(time: number): void {
    if (!this.#isWhole) return
    this.#boundary ??= Math.ceil(time / SECOND) * SECOND
    for (; this.#boundary < time; this.#boundary += SECOND) this.#sample()
  }

  #sample(): void {
    const bids = this.#book.levels('bid', LEVELS)
    const asks = this.#book.levels('ask', LEVELS)
    if (bids.ticks.length === 0 || asks.ticks.length === 0) return
    this.middles.push((bids.ticks[0]! + asks.ticks[0]!) / 2)
    this.spreads.push(asks.ticks[0]! - bids.ticks[0]!)
    this.bestLots.push((bids.lots[0]! + asks.lots[0]!) / 2)
    this.nearLots.push([...bids.lots, ...asks.lots].reduce((sum, lots) => sum + lots, 0) / 2)
    this.prints.push(this.#printed)
    this.imbalances.push(this.#imbalance)
    this.#printed = 0
    this.#imbalance = 0
  }

  #depth(event: DepthEvent): void {
    const { bidTicks, bidLots, askTicks, askLots } = event
    if (event.snapshot) {
      this.#book.applySnapshot(bidTicks, bidLots, askTicks, askLots)
      this.#isWhole = true
      this.#bookId = event.lastId
    } else if (this.#isWhole && event.lastId >= this.#bookId)
      this.#book.applyDelta(bidTicks, bidLots, askTicks, askLots)
    if (event.time !== null) this.#watchQuotes(event.time)
  }

  #watchQuotes(time: number): void {
    const best = this.#best
    const bid = this.#book.bestBid() ?? 0
    const ask = this.#book.bestAsk() ?? 0
    if (bid !== best.bid) {
      if (best.bid !== 0) this.quoteLives.push(time - best.bidSince)
      Object.assign(best, { bid, bidSince: time })
    }
    if (ask !== best.ask) {
      if (best.ask !== 0) this.quoteLives.push(time - best.askSince)
      Object.assign(best, { ask, askSince: time })
    }
  }

  #trade({ time, maker, quantityLots }: TradeEvent): void {
    const sign = maker === 0 ? 1 : -1
    this.#printed++
    this.#imbalance += sign * quantityLots
    const order = this.orders.at(-1)
    if (order !== undefined && this.#last?.time === time && this.#last.side === maker) {
      order.lots += quantityLots
      return
    }
    const middle = ((this.#book.bestBid() ?? 0) + (this.#book.bestAsk() ?? 0)) / 2
    this.orders.push({ second: this.middles.length, sign, lots: quantityLots, middle })
    this.#last = { time, side: maker }
  }
}
