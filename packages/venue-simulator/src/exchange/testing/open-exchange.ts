import type { DepthEvent, MarkEvent, TradeEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import {
  Exchange,
  bracketsFrom,
  isPrivate,
  listInstrument,
  type ExchangeEvent,
  type ExchangeOptions,
  type ExchangeResult,
  type NewOrder,
  type OrderView,
} from '../index.ts'

export const SYMBOL = 'BTCUSDT'
export const START = 1_700_000_000_000

export const BTC = listInstrument(testInstrument({ symbol: SYMBOL, min_notional: '5' }), {
  maxQuantity: '1000',
  marketMaxQuantity: '120',
  maxOrders: 5,
})

/** Three brackets, and a liquidation fee that is less than what closing frees. */
export const STEEP = {
  ...BTC,
  liquidationFee: '0.005',
  brackets: bracketsFrom([
    [10_000, 100, 0.005],
    [30_000, 50, 0.02],
    [100_000, 20, 0.04],
  ]),
}

export type Level = readonly [ticks: number, lots: number]

/** The whole outside book; ticks of 0.1, lots of 0.001. */
export const book = (bids: readonly Level[], asks: readonly Level[], time = START): DepthEvent => ({
  kind: 'depth',
  symbol: SYMBOL,
  snapshot: true,
  firstId: 1,
  lastId: 1,
  previousId: null,
  time,
  bidTicks: bids.map(([ticks]) => ticks),
  bidLots: bids.map(([, lots]) => lots),
  askTicks: asks.map(([ticks]) => ticks),
  askLots: asks.map(([, lots]) => lots),
})

export const change = (
  bids: readonly Level[],
  asks: readonly Level[],
  time: number,
): DepthEvent => ({
  ...book(bids, asks, time),
  snapshot: false,
})

/** `maker` 1: the aggressor sold. */
export const print = (ticks: number, lots: number, maker: 0 | 1, time = START): TradeEvent => ({
  kind: 'trade',
  symbol: SYMBOL,
  id: 1,
  priceTicks: ticks,
  quantityLots: lots,
  time,
  maker,
  excluded: false,
})

export const mark = (
  price: number,
  time = START,
  given: { readonly rate?: number; readonly next?: number } = {},
): MarkEvent => ({
  kind: 'mark',
  symbol: SYMBOL,
  time,
  markPrice: price,
  indexPrice: price,
  fundingRate: given.rate ?? 0.0001,
  nextFundingTime: given.next ?? START + 3_600_000,
})

/**
 * An exchange with accounts `a`, `b` and `c` of 100000, a book around 50000 (bids 499990 and 499980, asks
 * 500010 and 500020, of 5 and 20 lots each) and a mark of 50000. Its events so far are taken.
 */
export const openExchange = (options: Partial<ExchangeOptions> = {}): Exchange => {
  const exchange = new Exchange({ instruments: [BTC], startTime: START, seed: 7, ...options })
  for (const account of ['a', 'b', 'c']) exchange.openAccount(account, { balance: '100000' })
  exchange.applyMarket(mark(50_000))
  exchange.applyMarket(
    book(
      [
        [499_990, 5],
        [499_980, 20],
      ],
      [
        [500_010, 5],
        [500_020, 20],
      ],
    ),
  )
  exchange.applyMarket(print(500_000, 1, 0))
  exchange.takeEvents()
  return exchange
}

export const must = <T>(result: ExchangeResult<T>): T => {
  if (!result.ok) throw new Error(`refused: ${result.refusal}: ${result.detail}`)
  return result.value
}

export const refusalOf = (result: ExchangeResult<unknown>): string =>
  result.ok ? 'accepted' : result.refusal

export const limit = (
  side: 'BUY' | 'SELL',
  price: string,
  quantity: string,
  rest: Partial<NewOrder> = {},
): NewOrder => ({
  symbol: SYMBOL,
  side,
  type: 'LIMIT',
  timeInForce: 'GTC',
  price,
  quantity,
  ...rest,
})

export const market = (
  side: 'BUY' | 'SELL',
  quantity: string,
  rest: Partial<NewOrder> = {},
): NewOrder => ({ symbol: SYMBOL, side, type: 'MARKET', quantity, ...rest })

const orderWords = (order: OrderView): string =>
  `${order.executedQuantity}/${order.quantity}${order.expiryReason === 0 ? '' : ` er${order.expiryReason}`}`

/** One line an event of an account: what happened to which order, and at which price. */
export const told = (events: readonly ExchangeEvent[], account?: string): string[] => {
  const lines: string[] = []
  for (const event of events) {
    if (!isPrivate(event) || (account !== undefined && event.account !== account)) continue
    if (event.kind === 'order') {
      const { order, fill, execution } = event
      const filled =
        fill === null ? '' : ` ${fill.quantity}@${fill.price}${fill.maker ? ' M' : ' T'}`
      lines.push(
        `${event.account} ${execution} ${order.status} ${order.clientOrderId} ${orderWords(order)}${filled}`,
      )
    } else if (event.kind === 'conditional')
      lines.push(
        `${event.account} ${event.conditional.status} ${event.conditional.clientAlgoId} ${event.conditional.executedQuantity}`,
      )
    else if (event.kind !== 'balance') lines.push(`${event.account} ${event.kind}`)
  }
  return lines
}
