import type { AccountState } from '../accounts/account-state.ts'
import type { ConditionalOrder } from './conditional-order.ts'
import { isReached, triggersRising } from './conditional-order.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { ConditionalOrderType, NewConditional, WorkingType } from '../orders/order-types.ts'
import {
  checkClientId,
  checkGoodTill,
  checkPositionSide,
  closesSide,
  wholeSecond,
} from '../orders/read-order.ts'
import { readPrice, readQuantity } from '../read-steps.ts'
import { accept, refuse, type ExchangeResult, type Refused } from '../refusal.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

const CALLBACK = /^\d{1,2}(\.\d{1,2})?$/
const CALLBACK_MIN = 0.1
const CALLBACK_MAX = 20

/** Conditional orders that become a limit. */
export const becomesLimit = (type: ConditionalOrderType): boolean =>
  type === 'STOP' || type === 'TAKE_PROFIT'

/** The price that a conditional order looks at, in ticks (a mark may lie between two); null: none yet. */
export const workingTicks = (market: SymbolMarket, workingType: WorkingType): number | null => {
  if (workingType === 'CONTRACT_PRICE') return market.lastTicks
  return market.mark === null ? null : market.mark.price.div(market.rules.tickSize).toNumber()
}

const checkClosing = (order: NewConditional): Refused | null => {
  if (order.closePosition !== true)
    return order.quantity === undefined
      ? refuse('PARAMETER_MISSING', 'quantity: needed without closePosition')
      : null
  if (order.type !== 'STOP_MARKET' && order.type !== 'TAKE_PROFIT_MARKET')
    return refuse('PARAMETER_NOT_WANTED', `closePosition: not with ${order.type}`)
  if (order.quantity !== undefined)
    return refuse('CLOSE_POSITION_WITH_QUANTITY', 'quantity: not with closePosition')
  return order.reduceOnly === true
    ? refuse('CLOSE_POSITION_WITH_REDUCE_ONLY', 'reduceOnly: not with closePosition')
    : null
}

const checkTrailing = (order: NewConditional): Refused | null => {
  const { callbackRate, triggerPrice } = order
  if (triggerPrice !== undefined)
    return refuse('WOULD_TRIGGER_IMMEDIATELY', 'triggerPrice: a trailing stop has activatePrice')
  if (callbackRate === undefined) return refuse('PARAMETER_MISSING', 'callbackRate: needed')
  const rate = Number(callbackRate)
  return CALLBACK.test(callbackRate) && rate >= CALLBACK_MIN && rate <= CALLBACK_MAX
    ? null
    : refuse(
        'CALLBACK_RATE_INVALID',
        `callbackRate ${callbackRate}: ${CALLBACK_MIN} to ${CALLBACK_MAX}`,
      )
}

const checkPrices = (order: NewConditional): Refused | null => {
  const { type, priceMatch = 'NONE' } = order
  if (becomesLimit(type)) {
    if (priceMatch !== 'NONE' && order.price !== undefined)
      return refuse('PARAMETER_NOT_WANTED', 'price: not with priceMatch')
    if (priceMatch === 'NONE' && order.price === undefined)
      return refuse('PARAMETER_MISSING', `price: needed with ${type}`)
  } else if (order.price !== undefined)
    return refuse('PARAMETER_NOT_WANTED', `price: not with ${type}`)
  if (type === 'TRAILING_STOP_MARKET') return checkTrailing(order)
  if (order.callbackRate !== undefined)
    return refuse('PARAMETER_NOT_WANTED', `callbackRate: not with ${type}`)
  if (order.activatePrice !== undefined)
    return refuse('PARAMETER_NOT_WANTED', `activatePrice: not with ${type}`)
  return order.triggerPrice === undefined
    ? refuse('PARAMETER_MISSING', 'triggerPrice: needed')
    : null
}

/** Triggers may lie this many times further from the mark than limits: stops of long trades are far away. */
const TRIGGER_ROOM = 4

const checkTriggerBounds = (market: SymbolMarket, ticks: number): Refused | null => {
  const mark = market.markPrice
  if (mark === null || ticks === 0) return null
  const price = market.rules.tickSize.times(ticks)
  const { multiplierUp, multiplierDown } = market.rules
  if (price.gt(mark.times(multiplierUp).times(TRIGGER_ROOM)))
    return refuse('TRIGGER_ABOVE_CAP', `trigger price ${price.toString()}`)
  if (price.lt(mark.times(multiplierDown).div(TRIGGER_ROOM)))
    return refuse('TRIGGER_BELOW_FLOOR', `trigger price ${price.toString()}`)
  return null
}

type Prices = {
  readonly lots: number
  readonly priceTicks: number | null
  readonly triggerTicks: number
  readonly activateTicks: number | null
}

const readPrices = (order: NewConditional, market: SymbolMarket): ExchangeResult<Prices> => {
  const { rules } = market
  let lots = 0
  if (order.quantity !== undefined) {
    const read = readQuantity(order.quantity, rules, !becomesLimit(order.type))
    if (!read.ok) return read
    lots = read.value
  }
  const read = (
    field: 'price' | 'triggerPrice' | 'activatePrice',
  ): ExchangeResult<number | null> => {
    const text = order[field]
    return text === undefined ? accept(null) : readPrice(field, text, rules)
  }
  const price = read('price')
  if (!price.ok) return price
  const trigger = read('triggerPrice')
  if (!trigger.ok) return trigger
  const activate = read('activatePrice')
  if (!activate.ok) return activate
  return accept({
    lots,
    priceTicks: price.value,
    triggerTicks: trigger.value ?? 0,
    activateTicks: activate.value,
  })
}

/** The price is through the trigger already, or a trailing stop's activation is on the wrong side. */
const checkAtOnce = (
  order: NewConditional,
  market: SymbolMarket,
  prices: Prices,
): Refused | null => {
  const { type, side } = order
  const ticks = workingTicks(market, order.workingType ?? 'CONTRACT_PRICE')
  if (ticks === null) return null
  if (type === 'TRAILING_STOP_MARKET') {
    const activate = prices.activateTicks
    if (activate === null || (side === 'BUY' ? activate < ticks : activate > ticks)) return null
    return refuse('WOULD_TRIGGER_IMMEDIATELY', `activatePrice of ${activate} ticks: price ${ticks}`)
  }
  return isReached(triggersRising(type, side), prices.triggerTicks, ticks)
    ? refuse('WOULD_TRIGGER_IMMEDIATELY', `trigger at ${prices.triggerTicks} ticks: price ${ticks}`)
    : null
}

const checkPlace = (
  state: ExchangeState,
  account: AccountState,
  market: SymbolMarket,
  order: NewConditional,
): Refused | null => {
  if (market.status !== 'TRADING')
    return refuse('SYMBOL_NOT_TRADING', `${market.rules.symbol} is ${market.status}`)
  for (const open of account.openConditionals)
    if (open.clientAlgoId === order.clientAlgoId)
      return refuse('CLIENT_ORDER_ID_IN_USE', `client id ${open.clientAlgoId} is open`)
  if (account.openConditionals.size >= state.maxConditionals)
    return refuse('CONDITIONALS_ABOVE_MAXIMUM', `${state.maxConditionals} are open`)
  return null
}

/** Closing all of a position needs one, and one order of a direction alone may do it. */
const checkCloses = (
  account: AccountState,
  market: SymbolMarket,
  order: NewConditional,
): Refused | null => {
  if (order.closePosition !== true) return null
  const positionSide = order.positionSide ?? 'BOTH'
  const holding = account.stakes.get(market.rules.symbol)?.holding(positionSide)
  if (holding === undefined || holding.position.reducible(order.side) === 0)
    return refuse('CLOSE_POSITION_WITHOUT_POSITION', 'no position that it would close')
  for (const open of account.openConditionals)
    if (open.closePosition && open.holding === holding && open.type === order.type)
      if (open.side === order.side)
        return refuse('CLOSE_POSITION_IN_PLACE', `order ${open.algoId} closes it already`)
  return null
}

/** Reads a conditional order and says why it may not be placed; margin is not looked at before it triggers. */
export const readConditional = (
  state: ExchangeState,
  account: AccountState,
  order: NewConditional,
): ExchangeResult<ConditionalOrder> => {
  const market = state.markets.get(order.symbol)
  if (market === undefined) return refuse('SYMBOL_UNKNOWN', `symbol ${order.symbol}`)
  const timeInForce = order.timeInForce ?? 'GTC'
  const wrong =
    checkClientId(order.clientAlgoId) ??
    checkPositionSide(account, order.positionSide, order.reduceOnly) ??
    checkClosing(order) ??
    checkPrices(order) ??
    checkGoodTill(timeInForce, order.goodTillDate, state.now)
  if (wrong !== null) return wrong
  const prices = readPrices(order, market)
  if (!prices.ok) return prices
  const refused =
    checkPlace(state, account, market, order) ??
    checkTriggerBounds(market, prices.value.triggerTicks) ??
    checkCloses(account, market, order) ??
    checkAtOnce(order, market, prices.value)
  if (refused !== null) return refused
  return accept(makeConditional(state, account, market, order, prices.value))
}

const makeConditional = (
  state: ExchangeState,
  account: AccountState,
  market: SymbolMarket,
  order: NewConditional,
  prices: Prices,
): ConditionalOrder => {
  const positionSide = order.positionSide ?? 'BOTH'
  const algoId = state.takeId()
  return {
    ...prices,
    account,
    market,
    holding: account.stake(market, state.leverage).holding(positionSide),
    algoId,
    clientAlgoId: order.clientAlgoId ?? `venue-${algoId}`,
    side: order.side,
    positionSide,
    type: order.type,
    timeInForce: order.timeInForce ?? 'GTC',
    callbackRate: order.callbackRate ?? null,
    workingType: order.workingType ?? 'CONTRACT_PRICE',
    reduceOnly: order.reduceOnly === true || closesSide(positionSide, order.side),
    closePosition: order.closePosition === true,
    priceProtect: order.priceProtect === true,
    priceMatch: order.priceMatch ?? 'NONE',
    selfTradePrevention: order.selfTradePrevention ?? 'EXPIRE_MAKER',
    goodTillDate: wholeSecond(order.goodTillDate),
    createdAt: state.now,
    extremeTicks: null,
    status: 'NEW',
    order: null,
    reason: '',
    updatedAt: state.now,
    triggeredAt: 0,
  }
}
