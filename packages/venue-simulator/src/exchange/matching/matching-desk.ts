import type { Side } from '@tapedeck/contracts'
import {
  OrderFiller,
  keepPlace,
  type DepthEvent,
  type Opposite,
  type Settlement,
  type TradeEvent,
} from '@tapedeck/core'
import type { AccountState } from '../accounts/account-state.ts'
import { bookFill, type Booking } from './book-fill.ts'
import { isOpen, lotsFree, preventsSelfTrade, type ClientOrder } from '../orders/client-order.ts'
import { describeOrder } from '../orders/describe-order.ts'
import { endOrder, tellOrder } from '../orders/end-order.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { SelfTradePrevention, TimeInForce } from '../orders/order-types.ts'
import { publishTrade } from '../publish.ts'
import { restOrder, unrestOrder } from '../orders/rest-order.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

const opposite = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY')

type Fill = { readonly lots: number; readonly ticks: number; readonly at: number }

/**
 * Where orders of one symbol meet: other clients' orders, what the outside market displays, and what it
 * prints. Fills by the same parts as paper trading (`OrderFiller`).
 */
export class MatchingDesk
  implements Settlement<ClientOrder, ExchangeState>, Opposite<ClientOrder, ExchangeState>
{
  readonly #market: SymbolMarket
  readonly #filler: OrderFiller<ClientOrder, ExchangeState>

  constructor(market: SymbolMarket) {
    this.#market = market
    const rules = { slippagePercent: 0, bookAgeMsMax: null }
    this.#filler = new OrderFiller(market.liquidity, rules, this, this)
  }

  // ---- What OrderFiller asks ----

  fillable(order: ClientOrder, _at: number, state: ExchangeState): number {
    const free = lotsFree(order)
    if (!order.reduceOnly || free === 0) return free
    const most = Math.min(free, order.holding.position.reducible(order.side))
    if (most > 0) return most
    endOrder(state, order, 'EXPIRED', 4)
    return 0
  }

  /** A fill against the outside market. */
  settle(
    order: ClientOrder,
    { lots, ticks }: Fill,
    liquidity: 'MAKER' | 'TAKER',
    state: ExchangeState,
  ): void {
    const market = this.#market
    market.outside.trade(opposite(order.side), lots, ticks)
    if (liquidity === 'TAKER') market.published.touch(opposite(order.side), ticks)
    const buyerIsMaker = (order.side === 'BUY') === (liquidity === 'MAKER')
    const tradeId = publishTrade(state, market, { ticks, lots, buyerIsMaker, excluded: false })
    this.#book(state, order, { lots, ticks, tradeId, liquidity })
  }

  /** Books a fill; an order that may fill no more although it is not full leaves the book. */
  #book(state: ExchangeState, order: ClientOrder, booking: Booking): void {
    bookFill(state, order, booking)
    if (order.cap !== null && order.leaves > 0 && lotsFree(order) === 0) this.#stop(state, order)
  }

  #stop(state: ExchangeState, order: ClientOrder): void {
    if (order.cap?.rest === 'expire') endOrder(state, order, 'EXPIRED', 9)
    else unrestOrder(order)
  }

  first(side: Side): ClientOrder | null {
    return this.#market.resting.first(opposite(side))
  }

  moveUp(side: Side, ticks: number, lots: number): void {
    for (const other of this.#market.resting.at(opposite(side), ticks))
      if (other.queueAhead !== null) other.queueAhead = Math.max(0, other.queueAhead - lots)
  }

  /** Two clients' orders meet at the price of the one that rests. */
  meet(
    order: ClientOrder,
    other: ClientOrder,
    lots: number,
    at: number,
    state: ExchangeState,
  ): number {
    if (order.account === other.account && preventsSelfTrade(order))
      return this.#preventSelfTrade(order, other, lots, state)
    const size = Math.min(lots, this.fillable(other, at, state))
    if (size === 0) return 0
    const ticks = other.ticket.priceTicks!
    const buyerIsMaker = other.side === 'BUY'
    const print = { ticks, lots: size, buyerIsMaker, excluded: false }
    const tradeId = publishTrade(state, this.#market, print)
    this.#book(state, order, { lots: size, ticks, tradeId, liquidity: 'TAKER' })
    this.#book(state, other, { lots: size, ticks, tradeId, liquidity: 'MAKER' })
    return size
  }

  #preventSelfTrade(
    order: ClientOrder,
    other: ClientOrder,
    lots: number,
    state: ExchangeState,
  ): number {
    const { selfTradePrevention: mode } = order
    if (mode !== 'EXPIRE_TAKER') endOrder(state, other, 'EXPIRED_IN_MATCH', 1)
    if (mode === 'EXPIRE_MAKER') return 0
    endOrder(state, order, 'EXPIRED_IN_MATCH', order.timeInForce === 'IOC' ? 3 : 1)
    return lots
  }

  // ---- Orders ----

  /** True when a limit would meet something at once. */
  wouldTake(side: Side, ticks: number): boolean {
    const { resting, liquidity, isShown } = this.#market
    const theirs = resting.bestTicks(opposite(side))
    if (theirs !== null && (side === 'BUY' ? theirs <= ticks : theirs >= ticks)) return true
    return isShown && liquidity.best(side, ticks) !== null
  }

  /** Lots that a limit could fill at once, as far as `enough`. Own orders do not count. */
  lotsWithin(
    order: {
      readonly account: AccountState
      readonly side: Side
      readonly priceTicks: number | null
      readonly selfTradePrevention: SelfTradePrevention
      readonly timeInForce: TimeInForce
    },
    enough: number,
  ): number {
    const { resting, liquidity, isShown } = this.#market
    const { side, priceTicks } = order
    let lots = isShown ? liquidity.lotsWithin(side, priceTicks, enough) : 0
    const furthest = priceTicks ?? (side === 'BUY' ? Infinity : 0)
    for (const other of resting.upTo(opposite(side), furthest)) {
      if (lots >= enough) break
      const isOwn = other.account === order.account && preventsSelfTrade(order)
      if (!isOwn) lots += Math.min(other.leaves, this.#reducible(other))
    }
    return lots
  }

  #reducible(order: ClientOrder): number {
    return order.reduceOnly ? order.holding.position.reducible(order.side) : order.leaves
  }

  /** An order comes in: it is told, takes what there is, and rests or ends with what is left. */
  enter(state: ExchangeState, order: ClientOrder): void {
    this.announce(state, order)
    const entry = state.hooks.onEntry?.(order.account.id, describeOrder(order))
    if (entry?.kind === 'part') {
      order.cap = { lots: Math.floor(order.lots * entry.part), rest: entry.rest }
      if (order.cap.lots === 0) {
        this.#stop(state, order)
        return
      }
    }
    this.take(state, order)
  }

  announce(state: ExchangeState, order: ClientOrder): void {
    tellOrder(state, order, 'NEW')
  }

  /** As `enter`, of an order that was told already. */
  take(state: ExchangeState, order: ClientOrder): void {
    this.sweep(state, order)
    if (!isOpen(order) || lotsFree(order) === 0) return
    if (order.type === 'MARKET') endOrder(state, order, 'EXPIRED', order.reduceOnly ? 4 : 9)
    else if (order.timeInForce === 'IOC' || order.timeInForce === 'FOK')
      endOrder(state, order, 'EXPIRED', 2)
    else restOrder(order)
  }

  /** Takes what there is; what is left neither rests nor ends. */
  sweep(state: ExchangeState, order: ClientOrder): void {
    state.touched.add(this.#market)
    this.#filler.walk(order, state.now, state)
  }

  /** Fills all of an order at its own price against the outside market. False where it cannot be. */
  fillAtOnce(state: ExchangeState, order: ClientOrder): boolean {
    const ticks = order.type === 'LIMIT' ? order.ticket.priceTicks : this.#market.lastTicks
    const lots = order.leaves
    if (ticks === null || this.#reducible(order) < lots) return false
    state.touched.add(this.#market)
    order.cap = null
    this.settle(order, { lots, ticks, at: state.now }, 'MAKER', state)
    return true
  }

  // ---- The outside market ----

  /** A print: clients' orders with priority first, then the outside market's own. */
  print(state: ExchangeState, event: TradeEvent): void {
    const market = this.#market
    const { priceTicks: ticks, quantityLots: lots, maker, time } = event
    state.touched.add(market)
    const buyerIsMaker = maker === 1
    if (event.excluded) {
      publishTrade(state, market, { ticks, lots, buyerIsMaker, excluded: true })
      return
    }
    const print = { ticks, lots, time, maker }
    let served = 0
    const { resting } = market
    if (!resting.isEmpty())
      for (const order of [...resting.upTo('BUY', ticks), ...resting.upTo('SELL', ticks)])
        if (served < lots && order.since <= time && isOpen(order))
          served += this.#filler.fillLimit(order, print, lots - served, served, state)
    if (served < lots)
      publishTrade(state, market, { ticks, lots: lots - served, buyerIsMaker, excluded: false })
    if (time > market.liquidity.at && market.isShown)
      this.#consume(buyerIsMaker ? 'SELL' : 'BUY', ticks, lots - served)
  }

  /** What the print took of the displayed book is gone until the book is told anew. */
  #consume(aggressor: Side, ticks: number, lots: number): void {
    const { liquidity, published } = this.#market
    for (;;) {
      const level = liquidity.best(aggressor, ticks)
      if (level === null) return
      const isLast = level.ticks === ticks
      const gone = isLast ? Math.min(lots, level.lots) : level.lots
      liquidity.takeAt(aggressor, level.ticks, gone)
      published.touch(opposite(aggressor), level.ticks)
      this.#keepPlaces(opposite(aggressor), [level.ticks])
      if (isLast) return
    }
  }

  /** A change of the outside book. Clients' orders keep their places; those that it crosses fill. */
  depth(state: ExchangeState, event: DepthEvent): void {
    const { liquidity, published } = this.#market
    state.touched.add(this.#market)
    if (event.snapshot) published.touchAll()
    liquidity.apply({ ...event, time: event.time ?? state.now })
    for (const ticks of event.bidTicks) published.touch('BUY', ticks)
    for (const ticks of event.askTicks) published.touch('SELL', ticks)
    this.#keepPlaces('BUY', event.snapshot ? null : event.bidTicks)
    this.#keepPlaces('SELL', event.snapshot ? null : event.askTicks)
    if (!this.#market.isShown) return
    this.#uncross('BUY', state)
    this.#uncross('SELL', state)
  }

  #keepPlaces(side: Side, changed: readonly number[] | null): void {
    const { resting, liquidity } = this.#market
    if (resting.isEmpty()) return
    for (const ticks of changed ?? resting.prices(side))
      for (const order of resting.at(side, ticks))
        keepPlace(order, Math.max(0, liquidity.lotsLeft(side, ticks)))
  }

  /** The outside market offers at or through a client's price: whoever does so trades with the client. */
  #uncross(side: Side, state: ExchangeState): void {
    const { resting, liquidity, published } = this.#market
    for (let order = resting.first(side); order !== null; order = resting.first(side)) {
      const level = liquidity.best(side, order.ticket.priceTicks)
      if (level === null) return
      const lots = Math.min(level.lots, this.fillable(order, state.now, state))
      if (lots === 0) continue
      liquidity.takeAt(side, level.ticks, lots)
      published.touch(opposite(side), level.ticks)
      this.settle(order, { lots, ticks: order.ticket.priceTicks!, at: state.now }, 'MAKER', state)
    }
  }
}
