import type { Side } from '@tapedeck/contracts'
import type { AccountState } from '../accounts/account-state.ts'
import type { Holding } from '../accounts/holding.ts'
import { matchPrice } from '../matching/match-price.ts'
import type {
  NewOrder,
  PlainOrderType,
  PositionSideName,
  PriceMatch,
  SelfTradePrevention,
  TimeInForce,
} from './order-types.ts'
import { readPrice, readQuantity } from '../read-steps.ts'
import { accept, refuse, type ExchangeResult, type Refused } from '../refusal.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/** An order whose words make sense by themselves; whether it may be placed is another question. */
export type ReadOrder = {
  readonly account: AccountState
  readonly market: SymbolMarket
  readonly holding: Holding
  readonly side: Side
  readonly positionSide: PositionSideName
  readonly type: PlainOrderType
  readonly timeInForce: TimeInForce
  readonly lots: number
  /** Null for MARKET. */
  readonly priceTicks: number | null
  readonly clientOrderId: string | null
  /** Asked for, or implied by closing one side in hedge mode. */
  readonly reduceOnly: boolean
  readonly priceMatch: PriceMatch
  readonly selfTradePrevention: SelfTradePrevention
  readonly goodTillDate: number
}

const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/
/** A good-till date must lie at least this far ahead. */
const GOOD_TILL_MS_MIN = 600_000
const GOOD_TILL_MAX = 253_402_300_799_000

export const checkClientId = (id: string | undefined): Refused | null =>
  id === undefined || CLIENT_ID.test(id)
    ? null
    : refuse('CLIENT_ORDER_ID_INVALID', `client id '${id}': 1 to 36 of [.A-Z:/a-z0-9_-]`)

/** One-way mode knows BOTH alone; hedge mode LONG and SHORT, and no `reduceOnly`. */
export const checkPositionSide = (
  account: AccountState,
  positionSide: PositionSideName | undefined,
  reduceOnly: boolean | undefined,
): Refused | null => {
  const fits = account.hedgeMode
    ? positionSide === 'LONG' || positionSide === 'SHORT'
    : positionSide === undefined || positionSide === 'BOTH'
  if (!fits)
    return refuse(
      'POSITION_SIDE_MISMATCH',
      `positionSide ${positionSide ?? 'BOTH'}: the account is in ${account.hedgeMode ? 'hedge' : 'one-way'} mode`,
    )
  return account.hedgeMode && reduceOnly !== undefined
    ? refuse('PARAMETER_NOT_WANTED', 'reduceOnly: not in hedge mode')
    : null
}

export const checkGoodTill = (
  timeInForce: TimeInForce,
  date: number | undefined,
  now: number,
): Refused | null => {
  if (timeInForce !== 'GTD')
    return date === undefined || date === 0
      ? null
      : refuse('PARAMETER_NOT_WANTED', 'goodTillDate: only with GTD')
  if (date === undefined) return refuse('PARAMETER_MISSING', 'goodTillDate: needed with GTD')
  return Number.isSafeInteger(date) && date > now + GOOD_TILL_MS_MIN && date < GOOD_TILL_MAX
    ? null
    : refuse('GOOD_TILL_DATE_INVALID', `goodTillDate ${date}: more than 600 s after ${now}`)
}

/** Milliseconds of a good-till date do not count (Binance USD-M docs, New Order). */
export const wholeSecond = (date: number | undefined): number =>
  Math.floor((date ?? 0) / 1000) * 1000

/** True for orders that hedge mode counts as closing: selling LONG, buying SHORT. */
export const closesSide = (positionSide: PositionSideName, side: Side): boolean =>
  positionSide !== 'BOTH' && (positionSide === 'LONG') === (side === 'SELL')

const checkWords = (order: NewOrder): Refused | null => {
  const { type, timeInForce, price, priceMatch = 'NONE' } = order
  if (type === 'MARKET') {
    if (timeInForce !== undefined)
      return refuse('PARAMETER_NOT_WANTED', 'timeInForce: not with MARKET')
    if (price !== undefined) return refuse('PARAMETER_NOT_WANTED', 'price: not with MARKET')
    return priceMatch === 'NONE'
      ? null
      : refuse('PARAMETER_NOT_WANTED', 'priceMatch: not with MARKET')
  }
  if (timeInForce === undefined) return refuse('PARAMETER_MISSING', 'timeInForce: needed')
  if (priceMatch !== 'NONE' && price !== undefined)
    return refuse('PARAMETER_NOT_WANTED', 'price: not with priceMatch')
  if (priceMatch === 'NONE' && price === undefined)
    return refuse('PARAMETER_MISSING', 'price: needed with LIMIT')
  return null
}

const readLimit = (order: NewOrder, market: SymbolMarket): ExchangeResult<number | null> => {
  if (order.type === 'MARKET') return accept(null)
  if (order.price !== undefined) return readPrice('price', order.price, market.rules)
  const ticks = matchPrice(market, order.side, order.priceMatch ?? 'NONE')
  return ticks === null
    ? refuse('PRICE_MATCH_WITHOUT_PRICE', `priceMatch ${order.priceMatch ?? 'NONE'}: no such level`)
    : accept(ticks)
}

/** Reads an order's own words, in the order in which Binance complains about them. */
export const readOrder = (
  account: AccountState,
  market: SymbolMarket,
  order: NewOrder,
  state: { readonly now: number; readonly leverage: number },
): ExchangeResult<ReadOrder> => {
  const wrong =
    checkClientId(order.clientOrderId) ??
    checkPositionSide(account, order.positionSide, order.reduceOnly) ??
    checkWords(order) ??
    checkGoodTill(order.timeInForce ?? 'GTC', order.goodTillDate, state.now)
  if (wrong !== null) return wrong
  const lots = readQuantity(order.quantity, market.rules, order.type === 'MARKET')
  if (!lots.ok) return lots
  const price = readLimit(order, market)
  if (!price.ok) return price
  const positionSide = order.positionSide ?? 'BOTH'
  return accept({
    account,
    market,
    holding: account.stake(market, state.leverage).holding(positionSide),
    side: order.side,
    positionSide,
    type: order.type,
    timeInForce: order.timeInForce ?? 'GTC',
    lots: lots.value,
    priceTicks: price.value,
    clientOrderId: order.clientOrderId ?? null,
    reduceOnly: order.reduceOnly === true || closesSide(positionSide, order.side),
    priceMatch: order.priceMatch ?? 'NONE',
    selfTradePrevention: order.selfTradePrevention ?? 'EXPIRE_MAKER',
    goodTillDate: wholeSecond(order.goodTillDate),
  })
}
