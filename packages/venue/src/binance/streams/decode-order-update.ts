import type { Side } from '@tapedeck/contracts'
import { toDecimalString, type VenueFill } from '@tapedeck/core'
import type { OrderEvent, OrderStep } from '../../port/account-event.ts'
import {
  decimalOf,
  decimalOrNull,
  fieldUnreadable,
  idOf,
  idOrNull,
  isZero,
  namedIn,
  textOf,
  timeOf,
  wordsOf,
  type Fields,
} from './account-fields.ts'

/** `er`: why an order expired (binance-ccxt-facts §3.6). */
const EXPIRY_REASONS: ReadonlyMap<string, string> = new Map([
  ['1', 'self-trade prevention'],
  ['2', 'immediate-or-cancel: the rest was not filled'],
  ['3', 'immediate-or-cancel with self-trade prevention'],
  [
    '4',
    'pushed out by a reduce-only order of higher priority, or it would have reversed the position',
  ],
  ['5', 'the account was liquidated'],
  ['6', 'good-till-executed: its condition is gone'],
  ['7', 'the symbol was delisted'],
  ['8', 'the first order expired after the stop triggered'],
  ['9', 'a market order that could not fill completely'],
  ['10', 'fill-or-kill: not filled'],
  ['11', 'post-only: it would have taken'],
])

/** What `x` says happened; fills are told apart by their quantity. */
const STEP_OF: ReadonlyMap<string, OrderStep> = new Map([
  ['NEW', 'accepted'],
  ['TRADE', 'filled'],
  ['CALCULATED', 'filled'],
  ['AMENDMENT', 'amended'],
  ['CANCELED', 'canceled'],
  ['EXPIRED', 'expired'],
  ['REJECTED', 'rejected'],
])

/** Where `x` is not known, an end is still an end. */
const STEP_OF_STATUS: ReadonlyMap<string, OrderStep> = new Map([
  ['FILLED', 'filled'],
  ['CANCELED', 'canceled'],
  ['EXPIRED', 'expired'],
  ['EXPIRED_IN_MATCH', 'expired'],
  ['REJECTED', 'rejected'],
])

/**
 * The asset in which a contract is quoted and settled: its fees are in it. A fill without commission
 * names none. `BTCUSDT`, `BTCUSDT_261225`.
 */
export const quoteAssetOf = (symbol: string): string =>
  /(USDT|USDC|FDUSD|BUSD|BTC)(?:_\d+)?$/.exec(symbol)?.[1] ?? ''

const sideOf = (order: Fields): Side => {
  const value = order['S']
  if (value !== 'BUY' && value !== 'SELL') throw fieldUnreadable('S', value, 'BUY or SELL')
  return value
}

/** The fill that a message tells; null where none happened, or where the venue gives it no id. */
const fillOf = (order: Fields, venue: string, at: number): VenueFill | null => {
  const symbol = textOf(order, 's')
  const quantity = decimalOrNull(order, 'l')
  const tradeId = idOrNull(order, 't')
  if (quantity === null || isZero(quantity) || tradeId === null) return null
  const fee = decimalOrNull(order, 'n')
  return {
    venue,
    symbol,
    fillId: `${symbol}-${tradeId}`,
    clientOrderId: textOf(order, 'c'),
    side: sideOf(order),
    quantity: toDecimalString(quantity),
    price: toDecimalString(decimalOf(order, 'L')),
    fee: fee === null ? '0' : toDecimalString(fee),
    feeAsset: fee === null ? quoteAssetOf(symbol) : (wordsOf(order['N']) ?? quoteAssetOf(symbol)),
    liquidity: order['m'] === true ? 'MAKER' : 'TAKER',
    at,
  }
}

const reasonOf = (order: Fields, step: OrderStep): string | null => {
  const reason = order['er']
  const code = typeof reason === 'number' || typeof reason === 'string' ? String(reason) : '0'
  if (code !== '0' && code !== '')
    return EXPIRY_REASONS.get(code) ?? `expiry reason ${code.slice(0, 20)}`
  if (step === 'expired' && order['X'] === 'EXPIRED_IN_MATCH') return 'self-trade prevention'
  if (step !== 'filled' || order['x'] !== 'CALCULATED') return null
  return 'liquidation or deleveraging by the venue'
}

/**
 * `ORDER_TRADE_UPDATE`: what happened to a plain order (binance-ccxt-facts §3.6). An execution type that is
 * not known is read by the status that it led to; null where that says nothing either.
 */
export const decodeOrderUpdate = (
  message: Fields,
  order: Fields,
  venue: string,
): OrderEvent | null => {
  const step = namedIn(STEP_OF, order['x']) ?? namedIn(STEP_OF_STATUS, order['X'])
  if (step === undefined) return null
  const at = timeOf([
    [order, 'T'],
    [message, 'T'],
    [message, 'E'],
  ])
  return {
    kind: 'order',
    step,
    symbol: textOf(order, 's'),
    clientOrderId: textOf(order, 'c'),
    venueOrderId: idOf(order, 'i'),
    conditional: false,
    quantity: toDecimalString(decimalOf(order, 'q')),
    filledQuantity: toDecimalString(decimalOf(order, 'z')),
    fill: step === 'filled' ? fillOf(order, venue, at) : null,
    reason: reasonOf(order, step),
    at,
  }
}
