import { dec, toDecimalString } from '@tapedeck/core'
import type { AggregateTrade, PublicTrade } from '../market/market-types.ts'

/** Rows with ids that rise by one, the first of them `firstId`: there are tens of thousands. */
export type SavedRows = {
  readonly firstId: number
  readonly rows: readonly (readonly (string | number)[])[]
}

const BUYER_IS_MAKER = 1
const EXCLUDED = 2

export const saveTrades = (trades: readonly PublicTrade[]): SavedRows => ({
  firstId: trades[0]?.id ?? 0,
  rows: trades.map(({ price, quantity, time, buyerIsMaker, excluded }) => [
    price,
    quantity,
    time,
    (buyerIsMaker ? BUYER_IS_MAKER : 0) + (excluded ? EXCLUDED : 0),
  ]),
})

export const restoreTrades = (symbol: string, { firstId, rows }: SavedRows): PublicTrade[] =>
  rows.map(([price, quantity, time, flags], i) => ({
    symbol,
    id: firstId + i,
    price: String(price),
    quantity: String(quantity),
    quote: toDecimalString(dec(String(price)).times(String(quantity))),
    time: Number(time),
    buyerIsMaker: (Number(flags) & BUYER_IS_MAKER) > 0,
    excluded: (Number(flags) & EXCLUDED) > 0,
  }))

export const saveAggregates = (trades: readonly AggregateTrade[]): SavedRows => ({
  firstId: trades[0]?.id ?? 0,
  rows: trades.map((one) => [
    one.price,
    one.quantity,
    one.firstTradeId,
    one.lastTradeId,
    one.time,
    one.buyerIsMaker ? BUYER_IS_MAKER : 0,
  ]),
})

export const restoreAggregates = (symbol: string, { firstId, rows }: SavedRows): AggregateTrade[] =>
  rows.map(([price, quantity, first, last, time, flags], i) => ({
    symbol,
    id: firstId + i,
    price: String(price),
    quantity: String(quantity),
    firstTradeId: Number(first),
    lastTradeId: Number(last),
    time: Number(time),
    buyerIsMaker: flags === BUYER_IS_MAKER,
  }))
