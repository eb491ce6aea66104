import { dec, toDecimalString, type Dec } from '@tapedeck/core'
import { accountMargin, marginOfOrder, openLoss } from '../accounts/account-margin.ts'
import { greatestNotional, notionalCapAt } from '../accounts/margin.ts'
import type { MatchingDesk } from '../matching/matching-desk.ts'
import type { ReadOrder } from './read-order.ts'
import { refuse, type Refused } from '../refusal.ts'
import type { ClientOrder } from './client-order.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'

/** What a market order is assumed to pay beyond the best price when its margin is reckoned. */
const MARKET_MARGIN_UP = dec('1.0005')

type Check = (order: ReadOrder, desk: MatchingDesk) => Refused | null

/** An outside or another client's best price on the side that `side` takes from; null: none. */
const bestOpposite = (market: SymbolMarket, side: 'BUY' | 'SELL'): number | null => {
  const shown = market.isShown ? (market.liquidity.best(side, null)?.ticks ?? null) : null
  const theirs = market.resting.bestTicks(side === 'BUY' ? 'SELL' : 'BUY')
  if (shown === null || theirs === null) return shown ?? theirs
  return side === 'BUY' ? Math.min(shown, theirs) : Math.max(shown, theirs)
}

/** How far a market order goes: PERCENT_PRICE and `marketTakeBound` around the mark, the nearer one. */
export const marketLimit = (market: SymbolMarket, side: 'BUY' | 'SELL'): number | null => {
  const { marked } = market
  if (marked === null) return null
  return side === 'BUY' ? marked.bounds.takeUp : marked.bounds.takeDown
}

const checkStatus: Check = ({ market, reduceOnly }) => {
  if (market.status === 'TRADING' || (market.status === 'SETTLING' && reduceOnly)) return null
  return refuse('SYMBOL_NOT_TRADING', `${market.rules.symbol} is ${market.status}`)
}

const checkDuplicate: Check = ({ account, market, clientOrderId }) => {
  if (clientOrderId === null) return null
  const known = account.findOrder(market.rules.symbol, { clientOrderId })
  return known !== undefined && known.holding.stake.open.has(known)
    ? refuse('CLIENT_ORDER_ID_IN_USE', `client id ${clientOrderId}: order ${known.orderId} is open`)
    : null
}

/** PERCENT_PRICE: limits against the mark; what takes any price, against the best price that it meets. */
export const checkPercentPrice: Check = ({ market, side, priceTicks }) => {
  const buys = side === 'BUY'
  const bounds = market.marked?.bounds
  const ticks = priceTicks ?? bestOpposite(market, side)
  if (bounds === undefined || ticks === null) return null
  const bound = buys ? bounds.up : bounds.down
  if (buys ? ticks <= bound : ticks >= bound) return null
  const detail = `${ticks} ticks: at ${buys ? 'most' : 'least'} ${bound}`
  if (priceTicks === null) return refuse('COUNTERPARTY_PRICE_OUT_OF_BOUND', detail)
  return refuse(buys ? 'PRICE_ABOVE_CAP' : 'PRICE_BELOW_FLOOR', `price of ${detail}`)
}

const checkNotional: Check = ({ market, reduceOnly, lots, priceTicks }) => {
  if (reduceOnly) return null
  const { rules, marked } = market
  if (priceTicks !== null && priceTicks * lots >= rules.minTickLots) return null
  const perLot = priceTicks === null ? marked?.perLot : rules.tickLot.times(priceTicks)
  if (perLot === undefined) return null
  const notional = perLot.times(lots)
  return notional.lt(rules.minNotional)
    ? refuse(
        'NOTIONAL_BELOW_MINIMUM',
        `notional ${toDecimalString(notional)}: at least ${rules.instrument.minNotional}`,
      )
    : null
}

const checkCount: Check = ({ market, holding }) => {
  const { maxOrders } = market.rules.instrument
  return holding.stake.open.size >= maxOrders
    ? refuse('OPEN_ORDERS_ABOVE_MAXIMUM', `${maxOrders} orders of ${market.rules.symbol} are open`)
    : null
}

const checkRestricted: Check = ({ account, reduceOnly }) =>
  account.restricted && !reduceOnly
    ? refuse('ACCOUNT_RESTRICTED', 'only orders that reduce a position')
    : null

/** True when `a` closes before `b`: the better price, then the older order. */
const hasPriority = (a: { priceTicks: number | null }, b: ClientOrder): boolean => {
  if (a.priceTicks === null) return true
  const other = b.ticket.priceTicks ?? 0
  return b.side === 'BUY' ? a.priceTicks > other : a.priceTicks < other
}

const checkReduceOnly: Check = (order) => {
  const { holding, side, reduceOnly } = order
  if (!reduceOnly) return null
  let free = holding.position.reducible(side)
  if (free === 0) return refuse('REDUCE_ONLY_REJECTED', 'no position that it would reduce')
  for (const other of holding.stake.open)
    if (other.reduceOnly && other.holding === holding && other.side === side)
      if (!hasPriority(order, other)) free -= other.leaves
  return free > 0
    ? null
    : refuse('REDUCE_ONLY_CONFLICT', 'open reduce-only orders have all of the position')
}

/** Price that margin is reckoned with, in ticks; a sell counts at the mark where that is higher. */
const marginTicks = ({ market, side, priceTicks }: ReadOrder): number => {
  const markTicks = market.marked?.ticksUp ?? 0
  if (priceTicks !== null) return side === 'BUY' ? priceTicks : Math.max(priceTicks, markTicks)
  const best = bestOpposite(market, side) ?? markTicks
  if (side === 'SELL') return Math.max(best, markTicks)
  return MARKET_MARGIN_UP.times(best).ceil().toNumber()
}

const checkPositionLimit: Check = (order) => {
  const { holding, market, side, lots, reduceOnly } = order
  if (reduceOnly) return null
  const { rules } = market
  const { leverage } = holding.stake
  const tickLots = marginTicks(order) * lots
  if (!Number.isSafeInteger(tickLots))
    return refuse('QUANTITY_ABOVE_MAXIMUM', `${lots} lots at this price: beyond what is counted`)
  const { notional } = holding
  const reached = (buys: number, sells: number): Dec =>
    greatestNotional(notional, rules.tickLot.times(buys), rules.tickLot.times(sells))
  const { openBuys, openSells } = holding
  const after = reached(
    openBuys + (side === 'BUY' ? tickLots : 0),
    openSells + (side === 'SELL' ? tickLots : 0),
  )
  const cap = notionalCapAt(rules.instrument.brackets, leverage)
  return after.gt(cap) && after.gt(reached(openBuys, openSells))
    ? refuse(
        'POSITION_ABOVE_LEVERAGE_LIMIT',
        `notional ${toDecimalString(after)}: at most ${cap} at leverage ${leverage}`,
      )
    : null
}

export const checkMargin: Check = (order) => {
  const { account, holding, side, lots, reduceOnly } = order
  if (reduceOnly) return null
  const ticks = marginTicks(order)
  const buys = side === 'BUY'
  const more = marginOfOrder(holding, buys, ticks * lots)
  if (more.lte(0)) return null
  const needed = more.plus(openLoss(holding, buys, ticks, lots))
  const { available } = accountMargin(account)
  return needed.gt(available)
    ? refuse(
        'MARGIN_INSUFFICIENT',
        `margin ${toDecimalString(needed)}: available are ${toDecimalString(available)}`,
      )
    : null
}

const checkFillability: Check = (order, desk) => {
  const { timeInForce, priceTicks, side, lots } = order
  if (priceTicks === null) return null
  if (timeInForce === 'GTX' && desk.wouldTake(side, priceTicks))
    return refuse('GTX_WOULD_TAKE', `price of ${priceTicks} ticks would take`)
  if (timeInForce === 'FOK' && desk.lotsWithin(order, lots) < lots)
    return refuse('FOK_NOT_FILLED', `${lots} lots are not there at ${priceTicks} ticks`)
  return null
}

/** What is asked of every order of a client, in order of precedence. */
const CHECKS: readonly Check[] = [
  checkStatus,
  checkDuplicate,
  checkPercentPrice,
  checkNotional,
  checkCount,
  checkRestricted,
  checkReduceOnly,
  checkPositionLimit,
  checkMargin,
  checkFillability,
]

/** What is asked of the order that a conditional order becomes. */
const CHECKS_AT_TRIGGER: readonly Check[] = [
  checkStatus,
  checkReduceOnly,
  checkPositionLimit,
  checkMargin,
  checkFillability,
]

const firstOf = (
  checks: readonly Check[],
  order: ReadOrder,
  desk: MatchingDesk,
): Refused | null => {
  for (const check of checks) {
    const refused = check(order, desk)
    if (refused !== null) return refused
  }
  return null
}

/** Why an order may not be placed now, or null. Changes nothing. */
export const checkOrder = (order: ReadOrder, desk: MatchingDesk): Refused | null =>
  firstOf(CHECKS, order, desk)

export const checkTriggered = (order: ReadOrder, desk: MatchingDesk): Refused | null =>
  firstOf(CHECKS_AT_TRIGGER, order, desk)
