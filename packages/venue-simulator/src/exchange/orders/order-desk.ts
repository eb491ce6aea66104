import type { AccountState } from '../accounts/account-state.ts'
import { capReduceOnly } from './cap-reduce-only.ts'
import { checkMargin, checkOrder, checkPercentPrice, marketLimit } from './check-order.ts'
import { isOpen, type ClientOrder, type OrderOrigin, type TriggeredFrom } from './client-order.ts'
import { describeOrder } from './describe-order.ts'
import { endOrder, tellOrder } from './end-order.ts'
import type { ExchangeState } from '../exchange-state.ts'
import { matchPrice } from '../matching/match-price.ts'
import type { MatchingDesk } from '../matching/matching-desk.ts'
import type { AmendOrder, NewOrder, OrderKey, OrderView } from './order-types.ts'
import { readOrder, type ReadOrder } from './read-order.ts'
import { readPrice, readQuantity } from '../read-steps.ts'
import { accept, refuse, type ExchangeResult, type Refused } from '../refusal.ts'
import { unrestOrder } from './rest-order.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

const AMENDMENTS_MAX = 10_000

/** Makes the order that was read; nobody knows of it yet. */
export const makeOrder = (
  state: ExchangeState,
  read: ReadOrder,
  given: {
    readonly origin?: OrderOrigin
    readonly triggered?: TriggeredFrom
    readonly clientOrderId?: string
  } = {},
): ClientOrder => {
  const { account, market, side, type, lots } = read
  const orderId = market.takeOrderId()
  const priceTicks = type === 'MARKET' ? marketLimit(market, side) : read.priceTicks
  const order: ClientOrder = {
    account,
    market,
    holding: read.holding,
    orderId,
    clientOrderId: given.clientOrderId ?? read.clientOrderId ?? `venue-${orderId}`,
    side,
    positionSide: read.positionSide,
    type,
    timeInForce: read.timeInForce,
    reduceOnly: read.reduceOnly,
    priceMatch: read.priceMatch,
    selfTradePrevention: read.selfTradePrevention,
    goodTillDate: read.goodTillDate,
    origin: given.origin ?? 'CLIENT',
    triggered: given.triggered ?? null,
    createdAt: state.now,
    ticket: { side, type, priceTicks, stopTicks: null },
    lots,
    leaves: lots,
    filledTickLots: 0,
    status: 'NEW',
    expiryReason: 0,
    since: state.now,
    queueAhead: null,
    taker: false,
    amendments: 0,
    modifyId: null,
    updatedAt: state.now,
    reserved: 0,
    resting: false,
    cap: null,
  }
  account.addOrder(order)
  if (order.goodTillDate > 0)
    state.timers.set({
      at: order.goodTillDate,
      kind: 'good_till',
      account: account.id,
      symbol: market.rules.symbol,
      orderId,
    })
  return order
}

/** Clients' plain orders: placed, amended, canceled. */
export class OrderDesk {
  readonly #state: ExchangeState
  readonly #deskOf: (market: SymbolMarket) => MatchingDesk

  constructor(state: ExchangeState, deskOf: (market: SymbolMarket) => MatchingDesk) {
    this.#state = state
    this.#deskOf = deskOf
  }

  #read(account: AccountState, order: NewOrder): ExchangeResult<ReadOrder> {
    const market = this.#state.markets.get(order.symbol)
    if (market === undefined) return refuse('SYMBOL_UNKNOWN', `symbol ${order.symbol}`)
    const read = readOrder(account, market, order, this.#state)
    if (!read.ok) return read
    return checkOrder(read.value, this.#deskOf(market)) ?? read
  }

  test(account: AccountState, order: NewOrder): ExchangeResult<null> {
    const read = this.#read(account, order)
    return read.ok ? accept(null) : read
  }

  /** The order as it stands once it took what it could; the aftermath is the caller's. */
  place(account: AccountState, order: NewOrder): ExchangeResult<ClientOrder> {
    const read = this.#read(account, order)
    if (!read.ok) return read
    const made = makeOrder(this.#state, capReduceOnly(read.value))
    this.#deskOf(made.market).enter(this.#state, made)
    return accept(made)
  }

  /** The open order of a key. */
  find(account: AccountState, symbol: string, key: OrderKey): ExchangeResult<ClientOrder> {
    if (!this.#state.markets.has(symbol)) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
    const order = account.findOrder(symbol, key)
    return order !== undefined && isOpen(order)
      ? accept(order)
      : refuse('ORDER_UNKNOWN', `no open order ${JSON.stringify(key)} in ${symbol}`)
  }

  cancel(account: AccountState, symbol: string, key: OrderKey): ExchangeResult<ClientOrder> {
    const found = this.find(account, symbol, key)
    if (!found.ok) return found
    const order = found.value
    if (this.#state.hooks.onCancel?.(account.id, describeOrder(order)) === 'fill')
      if (this.#deskOf(order.market).fillAtOnce(this.#state, order))
        return refuse('ORDER_UNKNOWN', `order ${order.orderId} has filled`)
    endOrder(this.#state, order, 'CANCELED')
    return found
  }

  cancelAll(account: AccountState, symbol: string): ExchangeResult<readonly OrderView[]> {
    if (!this.#state.markets.has(symbol)) return refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
    const orders = [...(account.stakes.get(symbol)?.open ?? [])]
    for (const order of orders) endOrder(this.#state, order, 'CANCELED')
    return accept(orders.map(describeOrder))
  }

  /**
   * Changes price and quantity (all of it, filled included) of an open limit. The order goes to the end of
   * its new queue; with nothing left to fill, or post-only through the market, it is canceled.
   */
  amend(
    account: AccountState,
    symbol: string,
    key: OrderKey,
    change: AmendOrder,
  ): ExchangeResult<ClientOrder> {
    const found = this.find(account, symbol, key)
    if (!found.ok) return found
    const order = found.value
    const read = this.#readAmendment(order, change)
    if (!read.ok) return read
    const { lots, priceTicks } = read.value
    const filled = order.lots - order.leaves
    const desk = this.#deskOf(order.market)
    const crosses = order.timeInForce === 'GTX' && desk.wouldTake(order.side, priceTicks)
    if (lots <= filled || crosses) {
      endOrder(this.#state, order, 'CANCELED')
      return found
    }
    const asked = { ...order, lots: lots - filled, priceTicks, clientOrderId: null }
    const left: ReadOrder = capReduceOnly(asked)
    const refused = this.#checkAmendment(order, left)
    if (refused !== null) return refused
    unrestOrder(order)
    order.ticket = { ...order.ticket, priceTicks }
    order.lots = filled + left.lots
    order.leaves = left.lots
    order.since = this.#state.now
    order.updatedAt = this.#state.now
    order.amendments++
    if (change.modifyId !== undefined) order.modifyId = change.modifyId
    tellOrder(this.#state, order, 'AMENDMENT')
    desk.take(this.#state, order)
    return found
  }

  #readAmendment(
    order: ClientOrder,
    change: AmendOrder,
  ): ExchangeResult<{ readonly lots: number; readonly priceTicks: number }> {
    const { market, side } = order
    if (order.type !== 'LIMIT') return refuse('AMEND_NOT_LIMIT', `order is ${order.type}`)
    if (change.side !== side) return refuse('AMEND_SIDE_MISMATCH', `side: the order's is ${side}`)
    if (change.reduceOnly !== undefined && change.reduceOnly !== order.reduceOnly)
      return refuse('AMEND_REDUCE_ONLY_MISMATCH', `reduceOnly: the order's is ${order.reduceOnly}`)
    if (order.amendments >= AMENDMENTS_MAX)
      return refuse('AMENDED_TOO_OFTEN', `amended ${AMENDMENTS_MAX} times`)
    const lots = readQuantity(change.quantity, market.rules, false)
    if (!lots.ok) return lots
    const price = this.#readNewPrice(order, change)
    if (!price.ok) return price
    if (lots.value === order.lots && price.value === order.ticket.priceTicks)
      return refuse('AMEND_UNCHANGED', 'price and quantity are the same')
    return accept({ lots: lots.value, priceTicks: price.value })
  }

  #readNewPrice({ market, side }: ClientOrder, change: AmendOrder): ExchangeResult<number> {
    const { price, priceMatch = 'NONE' } = change
    if (price !== undefined && priceMatch !== 'NONE')
      return refuse('PARAMETER_NOT_WANTED', 'price: not with priceMatch')
    if (price !== undefined) return readPrice('price', price, market.rules)
    if (priceMatch === 'NONE') return refuse('PARAMETER_MISSING', 'price: needed')
    const ticks = matchPrice(market, side, priceMatch)
    return ticks === null
      ? refuse('PRICE_MATCH_WITHOUT_PRICE', `priceMatch ${priceMatch}: no such level`)
      : accept(ticks)
  }

  /** Price and margin of what it would be, as if what it is now were gone. */
  #checkAmendment(order: ClientOrder, read: ReadOrder): Refused | null {
    const desk = this.#deskOf(order.market)
    const { holding, reserved, side } = order
    if (side === 'BUY') holding.openBuys -= reserved
    else holding.openSells -= reserved
    const refused = checkPercentPrice(read, desk) ?? checkMargin(read, desk)
    if (side === 'BUY') holding.openBuys += reserved
    else holding.openSells += reserved
    return refused
  }
}
