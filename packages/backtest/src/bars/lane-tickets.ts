import type { EnterOrder, OrderRole, OrderTicket } from '@tapedeck/core'
import type { LaneOrder } from './lane-orders.ts'

/** What an order is for, known before it is sent. */
export type Sent = Pick<LaneOrder, 'role' | 'id' | 'reason' | 'stopTicks' | 'targetTicks'>

/** A ticket before it has its id. */
export type Ticket = Omit<OrderTicket, 'clientOrderId'>

export const entryTicket = ({ type, side, ticks }: EnterOrder, lots: number): Ticket => ({
  side,
  lots,
  type: type === 'market' ? 'MARKET' : type === 'limit' ? 'LIMIT' : 'STOP_MARKET',
  priceTicks: type === 'limit' ? ticks : null,
  stopTicks: type === 'stop' ? ticks : null,
  reduceOnly: false,
})

/** Closes `lots` of a position (signed) at the market. */
export const exitTicket = (position: number, lots: number): Ticket => ({
  side: position > 0 ? 'SELL' : 'BUY',
  lots,
  type: 'MARKET',
  priceTicks: null,
  stopTicks: null,
  reduceOnly: true,
})

/** Protects all of a position (signed): both sides trigger on a touch, as in execution. */
export const protectionTicket = (
  position: number,
  role: 'stop' | 'target',
  ticks: number,
): Ticket => ({
  side: position > 0 ? 'SELL' : 'BUY',
  lots: Math.abs(position),
  type: role === 'stop' ? 'STOP_MARKET' : 'TAKE_PROFIT_MARKET',
  priceTicks: null,
  stopTicks: ticks,
  reduceOnly: true,
})

/** An order that closes asks for no protection. */
export const closing = (role: OrderRole, reason: string): Sent => ({
  role,
  id: role,
  reason,
  stopTicks: null,
  targetTicks: null,
})
