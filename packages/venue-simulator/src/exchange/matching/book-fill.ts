import {
  ZERO,
  feeAt,
  maximum,
  stepsToDecimal,
  toDecimalString,
  toMoneyString,
  type Dec,
} from '@tapedeck/core'
import type { AccountState } from '../accounts/account-state.ts'
import type { IncomeType } from '../accounts/account-types.ts'
import type { ClientOrder } from '../orders/client-order.ts'
import { balanceChange, feeAssetChange, positionChange } from '../accounts/describe-account.ts'
import { describeOrder } from '../orders/describe-order.ts'
import type { ExchangeState } from '../exchange-state.ts'
import { commissionOf, payCommission, type Commission } from '../accounts/fee-asset.ts'
import type { Holding } from '../accounts/holding.ts'
import type { UserTrade } from '../orders/order-types.ts'
import { fillLots } from '../orders/rest-order.ts'

export type Booking = {
  readonly lots: number
  readonly ticks: number
  readonly tradeId: number
  readonly liquidity: 'MAKER' | 'TAKER'
}

/** Writes what came into or left a wallet into the account's income. */
export const writeIncome = (
  state: ExchangeState,
  account: AccountState,
  row: {
    readonly type: IncomeType
    readonly symbol: string
    readonly amount: Dec
    readonly info: string
    readonly tradeId: number | null
    /** Default: the margin asset. */
    readonly asset?: string
  },
): void => {
  if (row.amount.isZero()) return
  account.addIncome({
    symbol: row.symbol,
    type: row.type,
    amount: toMoneyString(row.amount),
    asset: row.asset ?? state.asset,
    info: row.info,
    time: state.now,
    id: state.takeId(),
    tradeId: row.tradeId,
  })
}

/**
 * Isolated margin after a trade. What opened brings its initial margin along; what closed gives back its
 * share, and its loss comes out of that share first, then out of the rest of the isolated wallet.
 */
const moveIsolated = (
  holding: Holding,
  before: number,
  { lots, ticks }: Booking,
  realized: Dec,
): void => {
  const { stake } = holding
  if (stake.marginType !== 'ISOLATED') return
  const after = holding.lots
  const closed =
    before * after < 0 ? Math.abs(before) : Math.max(0, Math.abs(before) - Math.abs(after))
  const opened = lots - closed
  if (closed > 0) {
    const whole = holding.isolatedWallet
    const share = whole.times(closed).div(Math.abs(before)).toDecimalPlaces(8)
    const missing = maximum(ZERO, share.plus(realized).neg())
    const kept = closed === Math.abs(before) ? ZERO : whole.minus(share).minus(missing)
    holding.isolatedWallet = maximum(ZERO, kept)
  }
  if (opened > 0) {
    const margin = stake.market.rules.tickLot.times(opened * ticks).div(stake.leverage)
    holding.isolatedWallet = holding.isolatedWallet.plus(margin.toDecimalPlaces(8))
  }
}

/** What the position still has to make up for; a position that turned around starts anew. */
const followCosts = (holding: Holding, before: number, realized: Dec, fee: Dec): void => {
  if (holding.isFlat) holding.toRecover = ZERO
  else if (before * holding.lots <= 0) holding.toRecover = fee
  else holding.toRecover = holding.toRecover.plus(fee).minus(realized)
}

const movePosition = (
  state: ExchangeState,
  order: ClientOrder,
  booking: Booking,
  fee: Dec,
): Dec => {
  const { account, holding, market } = order
  const before = holding.lots
  const tickLots = holding.position.trade(order.side, booking.lots, booking.ticks)
  const realized = market.rules.tickLot.times(tickLots)
  account.wallet = account.wallet.plus(realized).minus(fee)
  account.updatedAt = state.now
  holding.updatedAt = state.now
  moveIsolated(holding, before, booking, realized)
  followCosts(holding, before, realized, fee)
  if (holding.stake.isFlat) market.holders.delete(account)
  else market.holders.add(account)
  state.changed.add(holding)
  state.recheck.add(account)
  return realized
}

const describeTrade = (
  state: ExchangeState,
  order: ClientOrder,
  { lots, ticks, tradeId, liquidity }: Booking,
  realized: Dec,
  commission: Commission,
): UserTrade => {
  const { rules } = order.market
  return {
    symbol: rules.symbol,
    id: tradeId,
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    side: order.side,
    positionSide: order.positionSide,
    price: stepsToDecimal(ticks, rules.tick),
    quantity: stepsToDecimal(lots, rules.lot),
    quote: toDecimalString(rules.tickLot.times(lots * ticks)),
    realizedPnl: toMoneyString(realized),
    commission: toMoneyString(commission.amount),
    commissionAsset: commission.asset,
    maker: liquidity === 'MAKER',
    time: state.now,
  }
}

const tellFill = (
  state: ExchangeState,
  order: ClientOrder,
  fill: UserTrade,
  isBurned: boolean,
): void => {
  const { account } = order
  state.log.tell(state.now, {
    kind: 'order',
    account: account.id,
    execution: order.origin === 'CLIENT' ? 'TRADE' : 'CALCULATED',
    order: describeOrder(order),
    fill,
  })
  const balance = balanceChange(account, state.asset)
  state.log.tell(state.now, {
    kind: 'balance',
    account: account.id,
    cause: 'ORDER',
    balances: isBurned ? [balance, ...feeAssetChange(account)] : [balance],
    positions: [positionChange(order.holding, account)],
    symbol: null,
  })
}

/**
 * Books one fill of one order: position, wallet, fee, income, history; then tells the account. The other
 * side of the fill is booked by whoever calls. The exchange's own closing orders pay no commission.
 */
export const bookFill = (state: ExchangeState, order: ClientOrder, booking: Booking): void => {
  const { account, market } = order
  const { symbol, tickLot } = market.rules
  const share = booking.liquidity === 'MAKER' ? account.makerShare : account.takerShare
  const fee = order.origin === 'CLIENT' ? feeAt(booking.lots * booking.ticks, tickLot, share) : ZERO
  const commission = commissionOf(account.feeAsset, fee, state.asset)
  const realized = movePosition(state, order, booking, commission.ofWallet)
  const isBurned = payCommission(account.feeAsset, commission)
  state.house.fees = state.house.fees.plus(commission.ofWallet)
  fillLots(order, booking.lots, booking.ticks)
  order.status = order.leaves === 0 ? 'FILLED' : 'PARTIALLY_FILLED'
  order.updatedAt = state.now
  const trade = describeTrade(state, order, booking, realized, commission)
  account.addTrade(trade)
  const about = { symbol, info: String(booking.tradeId), tradeId: booking.tradeId }
  writeIncome(state, account, { ...about, type: 'REALIZED_PNL', amount: realized })
  const { asset, amount } = commission
  writeIncome(state, account, { ...about, type: 'COMMISSION', amount: amount.neg(), asset })
  tellFill(state, order, trade, isBurned)
  if (order.leaves === 0) state.ended(order)
}
