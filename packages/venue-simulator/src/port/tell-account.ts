import { dec } from '@tapedeck/core'
import type { AccountEvent, OrderStep } from '@tapedeck/venue'
import type {
  ConditionalView,
  ExecutionType,
  ExpiryReason,
  PrivateEvent,
} from '../exchange/index.ts'
import { describeFill } from './describe-for-port.ts'

const STEP: Readonly<Record<ExecutionType, OrderStep>> = {
  NEW: 'accepted',
  TRADE: 'filled',
  CALCULATED: 'filled',
  AMENDMENT: 'amended',
  CANCELED: 'canceled',
  EXPIRED: 'expired',
}

const EXPIRED_BECAUSE: Readonly<Partial<Record<ExpiryReason, string>>> = {
  1: 'self-trade prevention',
  2: 'immediate-or-cancel: the rest was not filled',
  4: 'nothing left to reduce',
  5: 'the account was liquidated',
  7: 'the symbol was delisted',
  9: 'a market order that could not fill completely',
}

type OfKind<K extends PrivateEvent['kind']> = Extract<PrivateEvent, { kind: K }>

const tellOrder = (
  { execution, order, fill, time }: OfKind<'order'>,
  venue: string,
): AccountEvent => ({
  kind: 'order',
  step: STEP[execution],
  symbol: order.symbol,
  clientOrderId: order.clientOrderId,
  venueOrderId: String(order.orderId),
  conditional: false,
  quantity: order.quantity,
  filledQuantity: order.executedQuantity,
  fill: fill === null ? null : describeFill(fill, venue),
  reason:
    execution === 'CALCULATED'
      ? 'liquidation or deleveraging by the venue'
      : (EXPIRED_BECAUSE[order.expiryReason] ?? null),
  at: time,
})

/** FINISHED says that its order is over, not that it filled. */
const stepOf = ({ status, quantity, executedQuantity }: ConditionalView): OrderStep => {
  switch (status) {
    case 'NEW':
      return 'accepted'
    case 'TRIGGERING':
      return 'triggering'
    case 'TRIGGERED':
      return 'triggered'
    case 'FINISHED': {
      const hasFilled = executedQuantity !== '0' && dec(executedQuantity).gte(dec(quantity))
      return hasFilled ? 'filled' : 'expired'
    }
    case 'CANCELED':
      return 'canceled'
    case 'REJECTED':
      return 'rejected'
    case 'EXPIRED':
      return 'expired'
    default:
      return status satisfies never
  }
}

const tellConditional = ({ conditional, time }: OfKind<'conditional'>): AccountEvent => {
  const step = stepOf(conditional)
  const became = step === 'triggered' ? conditional.orderId : null
  const endedShort = conditional.status === 'FINISHED' && step === 'expired'
  return {
    kind: 'order',
    step,
    symbol: conditional.symbol,
    clientOrderId: conditional.clientAlgoId,
    venueOrderId: String(became ?? conditional.algoId),
    conditional: true,
    quantity: conditional.quantity,
    filledQuantity: conditional.executedQuantity,
    fill: null,
    reason:
      conditional.reason === ''
        ? endedShort
          ? 'triggered, and its order ended without a fill'
          : null
        : conditional.reason,
    at: time,
  }
}

const tellBalance = (event: OfKind<'balance'>): AccountEvent => ({
  kind: 'balance',
  cause: event.cause,
  balances: event.balances.map(({ asset, walletBalance }) => ({ asset, wallet: walletBalance })),
  change: event.balances[0]?.change ?? null,
  positions: event.positions.map(({ symbol, quantity, entryPrice }) => ({
    symbol,
    quantity,
    averagePrice: entryPrice === '0' ? null : entryPrice,
  })),
  symbol: event.symbol,
  at: event.time,
})

/** What happened on the exchange, as an account's stream tells it. */
export const tellAccount = (event: PrivateEvent, venue: string): readonly AccountEvent[] => {
  const { time: at } = event
  switch (event.kind) {
    case 'order':
      return [tellOrder(event, venue)]
    case 'conditional':
      return [tellConditional(event)]
    case 'balance':
      return [tellBalance(event)]
    case 'margin_call':
      return event.positions.map(({ symbol, quantity, markPrice }) => ({
        kind: 'notice',
        notice: 'margin_call',
        symbol,
        detail: `position ${quantity}, mark ${markPrice}`,
        at,
      }))
    case 'leverage':
      return [
        {
          kind: 'notice',
          notice: 'leverage_changed',
          symbol: event.symbol,
          detail: `leverage ${event.leverage}`,
          at,
        },
      ]
    case 'position_mode': {
      const detail = event.hedgeMode ? 'hedge mode' : 'one-way mode'
      return [{ kind: 'notice', notice: 'mode_changed', symbol: null, detail, at }]
    }
    default:
      return event satisfies never
  }
}
