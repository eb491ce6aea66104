import { endOrder } from './end-order.ts'
import type { AccountState } from '../accounts/account-state.ts'
import { bookFill } from '../matching/book-fill.ts'
import { isOpen, type ClientOrder, type OrderOrigin } from './client-order.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { Holding } from '../accounts/holding.ts'
import type { MatchingDesk } from '../matching/matching-desk.ts'
import { makeOrder } from './order-desk.ts'
import { publishTrade } from '../publish.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

export type ClosingOrigin = Exclude<OrderOrigin, 'CLIENT'>

/** How the client ids of such orders begin (binance-ccxt-facts §3.6). */
const PREFIX: Readonly<Record<ClosingOrigin, string>> = {
  LIQUIDATION: 'autoclose-',
  DELEVERAGING: 'adl_autoclose-',
  SETTLEMENT: 'settlement_autoclose-',
}

/** Orders that the exchange makes to close positions: reduce-only, without commission. */
export class ClosingOrders {
  readonly #state: ExchangeState
  readonly #deskOf: (market: SymbolMarket) => MatchingDesk

  constructor(state: ExchangeState, deskOf: (market: SymbolMarket) => MatchingDesk) {
    this.#state = state
    this.#deskOf = deskOf
  }

  /** An order for lots of a position at a price, told as new. */
  open(
    holding: Holding,
    account: AccountState,
    given: { readonly origin: ClosingOrigin; readonly lots: number; readonly ticks: number },
  ): ClientOrder {
    const { market } = holding.stake
    const order = makeOrder(
      this.#state,
      {
        account,
        market,
        holding,
        side: holding.lots > 0 ? 'SELL' : 'BUY',
        positionSide: holding.side,
        type: 'LIMIT',
        timeInForce: 'IOC',
        lots: given.lots,
        priceTicks: given.ticks,
        clientOrderId: null,
        reduceOnly: true,
        priceMatch: 'NONE',
        selfTradePrevention: 'NONE',
        goodTillDate: 0,
      },
      {
        origin: given.origin,
        clientOrderId: `${PREFIX[given.origin]}${this.#state.takeId()}`,
      },
    )
    this.#deskOf(market).announce(this.#state, order)
    this.#state.touched.add(market)
    return order
  }

  /** Takes what the book has at the order's price or better. */
  sweep(order: ClientOrder): void {
    this.#deskOf(order.market).sweep(this.#state, order)
  }

  /** What the book did not take expires, as of every IOC order. */
  expireRest(order: ClientOrder): void {
    if (isOpen(order)) endOrder(this.#state, order, 'EXPIRED', 2)
  }

  /** Closes lots of an order against the fund, or against the outside market, off the tape. */
  giveTo(order: ClientOrder, to: SymbolMarket['fund'], lots: number, ticks: number): void {
    if (lots === 0) return
    to.trade(order.side === 'BUY' ? 'SELL' : 'BUY', lots, ticks)
    bookFill(this.#state, order, {
      lots,
      ticks,
      tradeId: this.#printOff(order, lots, ticks),
      liquidity: 'TAKER',
    })
  }

  /** Closes lots of two orders against each other, off the tape. */
  meet(order: ClientOrder, other: ClientOrder, lots: number, ticks: number): void {
    const tradeId = this.#printOff(order, lots, ticks)
    for (const one of [order, other])
      bookFill(this.#state, one, { lots, ticks, tradeId, liquidity: 'TAKER' })
  }

  #printOff({ market, side }: ClientOrder, lots: number, ticks: number): number {
    const print = { ticks, lots, buyerIsMaker: side === 'SELL', excluded: true }
    return publishTrade(this.#state, market, print)
  }
}
