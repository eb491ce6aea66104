import { stepsToDecimal, toDecimalString } from '@tapedeck/core'
import type { ClientOrder } from './client-order.ts'
import type { ConditionalOrder } from '../conditional/conditional-order.ts'
import type { InstrumentRules } from './instrument-rules.ts'
import type { ConditionalView, OrderView } from './order-types.ts'

const priceOf = (ticks: number | null, { tick }: InstrumentRules): string =>
  ticks === null ? '0' : stepsToDecimal(ticks, tick)

/** Average price at 8 digits; `0` without a fill. */
const averageOf = (order: ClientOrder): string => {
  const filled = order.lots - order.leaves
  if (filled === 0) return '0'
  const { tickSize, tick } = order.market.rules
  if (order.filledTickLots % filled === 0)
    return stepsToDecimal(order.filledTickLots / filled, tick)
  return toDecimalString(tickSize.times(order.filledTickLots).div(filled).toDecimalPlaces(8))
}

export const describeOrder = (order: ClientOrder): OrderView => {
  const { rules } = order.market
  const { triggered } = order
  return {
    symbol: rules.symbol,
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    side: order.side,
    positionSide: order.positionSide,
    type: order.type,
    originalType: triggered?.type ?? order.type,
    timeInForce: order.timeInForce,
    status: order.status,
    price: order.type === 'MARKET' ? '0' : priceOf(order.ticket.priceTicks, rules),
    quantity: stepsToDecimal(order.lots, rules.lot),
    executedQuantity: stepsToDecimal(order.lots - order.leaves, rules.lot),
    cumulativeQuote:
      order.filledTickLots === 0 ? '0' : toDecimalString(rules.tickLot.times(order.filledTickLots)),
    averagePrice: averageOf(order),
    reduceOnly: order.reduceOnly,
    closePosition: triggered?.closePosition ?? false,
    stopPrice: triggered === null ? '0' : priceOf(triggered.stopTicks, rules),
    activatePrice:
      triggered === null || triggered.activateTicks === null
        ? null
        : priceOf(triggered.activateTicks, rules),
    callbackRate: triggered?.callbackRate ?? null,
    workingType: triggered?.workingType ?? 'CONTRACT_PRICE',
    priceProtect: triggered?.priceProtect ?? false,
    priceMatch: order.priceMatch,
    selfTradePrevention: order.selfTradePrevention,
    goodTillDate: order.goodTillDate,
    expiryReason: order.expiryReason,
    modifyId: order.modifyId,
    algoId: triggered?.algoId ?? null,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
  }
}

export const describeConditional = (one: ConditionalOrder): ConditionalView => {
  const { rules } = one.market
  const { order } = one
  const isTrailing = one.type === 'TRAILING_STOP_MARKET'
  return {
    symbol: rules.symbol,
    algoId: one.algoId,
    clientAlgoId: one.clientAlgoId,
    side: one.side,
    positionSide: one.positionSide,
    type: one.type,
    timeInForce: one.timeInForce,
    status: one.status,
    quantity: stepsToDecimal(one.lots, rules.lot),
    price: priceOf(one.priceTicks, rules),
    triggerPrice: priceOf(one.triggerTicks, rules),
    activatePrice: one.activateTicks === null ? null : priceOf(one.activateTicks, rules),
    callbackRate: one.callbackRate,
    activated: isTrailing ? one.extremeTicks !== null : null,
    workingType: one.workingType,
    reduceOnly: one.reduceOnly,
    closePosition: one.closePosition,
    priceProtect: one.priceProtect,
    priceMatch: one.priceMatch,
    selfTradePrevention: one.selfTradePrevention,
    goodTillDate: one.goodTillDate,
    orderId: order?.orderId ?? null,
    averagePrice: order === null ? '0' : averageOf(order),
    executedQuantity: order === null ? '0' : stepsToDecimal(order.lots - order.leaves, rules.lot),
    orderType: order?.type ?? null,
    reason: one.reason,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
    triggeredAt: one.triggeredAt,
  }
}
