import type { OrderStatus } from '@tapedeck/contracts'
import { dec } from '@tapedeck/core'
import type { FoundOrder } from '../../port/index.ts'
import { AnswerUnreadable, type AnswerFields } from '../rest/index.ts'
import { SIDES, TYPES, priceOrNull } from './read-plain-order.ts'

const STATES = {
  NEW: 'NEW',
  TRIGGERING: 'TRIGGERING',
  TRIGGERED: 'TRIGGERED',
  FINISHED: 'FINISHED',
  CANCELED: 'CANCELED',
  REJECTED: 'REJECTED',
  EXPIRED: 'EXPIRED',
} as const

export type AlgoState = keyof typeof STATES

/** A conditional order, and the market order that it became. */
export type AlgoOrder = {
  readonly state: AlgoState
  /** Null until it has triggered. */
  readonly childOrderId: string | null
  /** The conditional order itself. Once it has triggered, its child says more. */
  readonly order: FoundOrder
}

/** What is known from the conditional order alone: its child was canceled when it ended short. */
const statusOf = (state: AlgoState, quantity: string, filled: string): OrderStatus => {
  switch (state) {
    case 'NEW':
    case 'TRIGGERING':
    case 'TRIGGERED':
      return 'ACCEPTED'
    case 'FINISHED':
      return dec(filled).gte(dec(quantity)) && filled !== '0' ? 'FILLED' : 'CANCELED'
    case 'CANCELED':
    case 'REJECTED':
    case 'EXPIRED':
      return state
    default:
      throw new AnswerUnreadable(`algoStatus is ${String(state satisfies never)}`)
  }
}

/** An order of `/algoOrder` or `/openAlgoOrders`: binance-ccxt-facts §3.2. */
export const readAlgoOrder = (fields: AnswerFields, venue: string): AlgoOrder => {
  const state = fields.word('algoStatus', STATES)
  // Absent where the venue closes whatever there is.
  const quantity = fields.has('quantity') ? fields.decimal('quantity') : '0'
  const filledQuantity = fields.has('actualQty') ? fields.decimal('actualQty') : '0'
  const status = statusOf(state, quantity, filledQuantity)
  const child = fields.has('actualOrderId') ? fields.id('actualOrderId') : '0'
  return {
    state,
    childOrderId: child === '0' ? null : child,
    order: {
      venue,
      symbol: fields.text('symbol'),
      clientOrderId: fields.text('clientAlgoId'),
      venueOrderId: fields.id('algoId'),
      side: fields.word('side', SIDES),
      type: fields.word('orderType', TYPES),
      conditional: true,
      quantity,
      filledQuantity,
      price: null,
      stopPrice: priceOrNull(fields, 'triggerPrice'),
      reduceOnly: fields.flag('reduceOnly'),
      ...(state === 'TRIGGERING' ? { triggering: true } : {}),
      status,
      reason: status === 'ACCEPTED' || status === 'FILLED' ? null : state,
      at: fields.firstTime('updateTime', 'createTime'),
    },
  }
}
