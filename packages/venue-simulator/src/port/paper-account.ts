import {
  dec,
  toDecimalString,
  type VenueBalance,
  type VenueFill,
  type VenueOrder,
  type VenuePosition,
} from '@tapedeck/core'
import type {
  AccountSetup,
  CancelAnswer,
  CancelRequest,
  FoundOrder,
  FundingPayment,
  OrderAnswer,
  OrderRequest,
} from '@tapedeck/venue'
import { refusalToError } from '../binance/refusal-to-error.ts'
import type { Exchange, ExchangeResult, Refused } from '../exchange/index.ts'
import {
  describeConditionalOrder,
  describeFill,
  describePlain,
  toListed,
} from './describe-for-port.ts'

/** Refusals carry the code that the venue's REST interface would give, so that nobody has to tell them apart. */
const codeOf = (refused: Refused, asking: 'cancel' | 'query' = 'query'): string =>
  String(refusalToError(refused, asking).code)

const isConditional = ({ type }: OrderRequest): boolean =>
  type === 'STOP_MARKET' || type === 'TAKE_PROFIT_MARKET'

/** One account of an exchange, asked directly. Synchronous. */
export class PaperAccount {
  readonly #exchange: Exchange
  readonly #account: string
  readonly #venue: string

  constructor(exchange: Exchange, account: string, venue: string) {
    this.#exchange = exchange
    this.#account = account
    this.#venue = venue
  }

  submit(request: OrderRequest): OrderAnswer {
    const placed = isConditional(request) ? this.#arm(request) : this.#place(request)
    if (placed.ok) return { accepted: true, ...placed.value }
    if (placed.refusal !== 'CLIENT_ORDER_ID_IN_USE') return refusal(placed)
    const found = this.find(request.symbol, request.clientOrderId)
    const isSame = found?.side === request.side && dec(found.quantity).eq(dec(request.quantity))
    return isSame
      ? { accepted: true, venueOrderId: found.venueOrderId, at: found.at }
      : refusal(placed)
  }

  #place(request: OrderRequest): ExchangeResult<{ venueOrderId: string; at: number }> {
    const placed = this.#exchange.placeOrder(this.#account, {
      symbol: request.symbol,
      side: request.side,
      type: request.type === 'LIMIT' ? 'LIMIT' : 'MARKET',
      quantity: request.quantity,
      clientOrderId: request.clientOrderId,
      reduceOnly: request.reduceOnly,
      ...(request.price === null ? {} : { price: request.price, timeInForce: 'GTC' }),
    })
    if (!placed.ok) return placed
    const { orderId, updatedAt } = placed.value
    return { ok: true, value: { venueOrderId: String(orderId), at: updatedAt } }
  }

  #arm(request: OrderRequest): ExchangeResult<{ venueOrderId: string; at: number }> {
    const armed = this.#exchange.placeConditional(this.#account, {
      symbol: request.symbol,
      side: request.side,
      type: request.type === 'STOP_MARKET' ? 'STOP_MARKET' : 'TAKE_PROFIT_MARKET',
      quantity: request.quantity,
      clientAlgoId: request.clientOrderId,
      reduceOnly: request.reduceOnly,
      ...(request.stopPrice === null ? {} : { triggerPrice: request.stopPrice }),
    })
    if (!armed.ok) return armed
    const { algoId, updatedAt } = armed.value
    return { ok: true, value: { venueOrderId: String(algoId), at: updatedAt } }
  }

  cancel({ symbol, clientOrderId, conditional }: CancelRequest): CancelAnswer {
    const { time: at } = this.#exchange
    if (conditional) {
      const armed = this.#exchange.cancelConditional(this.#account, { clientAlgoId: clientOrderId })
      if (armed.ok) return { canceled: true, at }
      if (armed.refusal !== 'CONDITIONAL_UNKNOWN')
        return {
          canceled: false,
          gone: false,
          reason: `${codeOf(armed, 'cancel')} ${armed.detail}`,
        }
    }
    const plain = this.#exchange.cancelOrder(this.#account, symbol, { clientOrderId })
    if (plain.ok) return { canceled: true, at }
    const gone = plain.refusal === 'ORDER_UNKNOWN'
    return { canceled: false, gone, reason: `${codeOf(plain, 'cancel')} ${plain.detail}` }
  }

  cancelAll(symbol: string): Refused | null {
    const plain = this.#exchange.cancelAll(this.#account, symbol)
    const armed = this.#exchange.cancelAllConditionals(this.#account, symbol)
    if (!plain.ok) return plain
    return armed.ok ? null : armed
  }

  /** A conditional order that triggered is found as the market order that it became. */
  find(symbol: string, clientOrderId: string): FoundOrder | null {
    const plain = this.#exchange.order(this.#account, symbol, { clientOrderId })
    if (plain !== null) return describePlain(plain, this.#venue)
    const armed = this.#exchange.conditional(this.#account, { clientAlgoId: clientOrderId })
    return armed === null || armed.symbol !== symbol
      ? null
      : describeConditionalOrder(armed, this.#venue)
  }

  openOrders(symbol: string): VenueOrder[] {
    const plain = this.#exchange.openOrders(this.#account, symbol)
    const armed = this.#exchange.openConditionals(this.#account, symbol)
    return [
      ...plain.map((order) => toListed(describePlain(order, this.#venue))),
      ...armed
        .filter(({ status }) => status === 'NEW' || status === 'TRIGGERING')
        .map((order) => toListed(describeConditionalOrder(order, this.#venue))),
    ]
  }

  /** What keeps the account from being traded as `setup` says, after setting what could be set. */
  prepare({ symbols, leverage, marginType }: AccountSetup): string[] {
    const view = this.#exchange.account(this.#account)
    if (view === null) return [`the venue has no account ${this.#account}`]
    if (view.hedgeMode)
      return [
        'the account is in hedge mode: set one-way mode at the venue, which is not changed from here',
      ]
    return symbols.flatMap((symbol) => {
      const status = this.#exchange.instrument(symbol)?.status
      if (status !== 'TRADING')
        return [
          `${symbol}: ${status === undefined ? 'the venue does not list it' : `status is ${status}`}`,
        ]
      const most = this.#exchange.brackets(symbol)[0]?.initialLeverage ?? leverage
      if (leverage > most)
        return [`${symbol}: leverage ${leverage} is more than the venue's ${most}`]
      const problems: string[] = []
      const type = this.#exchange.setMarginType(this.#account, symbol, marginType)
      if (!type.ok && type.refusal !== 'MARGIN_TYPE_UNCHANGED')
        problems.push(
          `${symbol}: margin type is not ${marginType} and cannot be changed: ${codeOf(type)} ${type.detail}`,
        )
      const level = this.#exchange.setLeverage(this.#account, symbol, leverage)
      if (!level.ok)
        problems.push(
          `${symbol}: leverage is not ${leverage} and cannot be changed: ${codeOf(level)} ${level.detail}`,
        )
      return problems
    })
  }

  /** Null when flat. */
  position(symbol: string): VenuePosition | null {
    const [view] = this.#exchange.positions(this.#account, { symbol })
    const lots = dec(view?.quantity ?? '0')
    if (view === undefined || lots.isZero()) return null
    return {
      venue: this.#venue,
      symbol,
      side: lots.gt(0) ? 'LONG' : 'SHORT',
      quantity: toDecimalString(lots.abs()),
      averagePrice: view.entryPrice,
    }
  }

  fills(symbol: string, since: number): VenueFill[] {
    return this.#exchange
      .tradesOf(this.#account, symbol)
      .filter(({ time }) => time >= since)
      .map((trade) => describeFill(trade, this.#venue))
  }

  balances(): VenueBalance[] {
    const balance = this.#exchange.balance(this.#account)
    return balance === null ? [] : [{ asset: balance.asset, wallet: balance.walletBalance }]
  }

  funding(symbol: string, since: number): FundingPayment[] {
    return this.#exchange
      .income(this.#account)
      .filter((row) => row.type === 'FUNDING_FEE' && row.symbol === symbol && row.time >= since)
      .map((row) => ({ symbol, amount: toDecimalString(row.amount), at: row.time }))
  }
}

const refusal = (refused: Refused): OrderAnswer => ({
  accepted: false,
  code: codeOf(refused),
  reason: refused.detail,
  next: refused.refusal === 'COUNTERPARTY_PRICE_OUT_OF_BOUND' ? 'retry' : 'stop',
})
