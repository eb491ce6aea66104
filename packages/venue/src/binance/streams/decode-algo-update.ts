import { dec, toDecimalString } from '@tapedeck/core'
import type { OrderEvent, OrderStep } from '../../port/account-event.ts'
import {
  decimalOrNull,
  idOf,
  idOrNull,
  isZero,
  namedIn,
  textOf,
  timeOf,
  wordsOf,
  type Fields,
} from './account-fields.ts'

const STEP_OF: ReadonlyMap<string, OrderStep> = new Map([
  ['NEW', 'accepted'],
  ['TRIGGERING', 'triggering'],
  ['TRIGGERED', 'triggered'],
  ['CANCELED', 'canceled'],
  ['REJECTED', 'rejected'],
  ['EXPIRED', 'expired'],
])

type End = Pick<OrderEvent, 'step' | 'filledQuantity' | 'reason'>

/**
 * `FINISHED` says that the market order of a triggered one is over, not that it filled: `aq` says how much.
 * Null when the venue does not say: nothing can be concluded then.
 */
const finished = (order: Fields, quantity: string): End | null => {
  const filled = decimalOrNull(order, 'aq')
  if (filled === null) return null
  const filledQuantity = toDecimalString(filled)
  if (isZero(filled))
    return {
      step: 'expired',
      filledQuantity,
      reason: wordsOf(order['rm']) ?? 'triggered, and its order ended without a fill',
    }
  // A stop that closes the position has no quantity of its own.
  const whole = isZero(quantity) || dec(filled).gte(dec(quantity))
  if (whole) return { step: 'filled', filledQuantity, reason: null }
  return { step: 'expired', filledQuantity, reason: 'triggered, and its order filled in part' }
}

/**
 * `ALGO_UPDATE`: what happened to a conditional order (binance-ccxt-facts §3.2, §3.6). Its fills are told by
 * the market order that it became, which has the same client order id. Null for a status that is not known.
 */
export const decodeAlgoUpdate = (message: Fields, order: Fields): OrderEvent | null => {
  const quantity = toDecimalString(decimalOrNull(order, 'q') ?? '0')
  const step = namedIn(STEP_OF, order['X'])
  const reason = wordsOf(order['rm'])
  const filledQuantity = toDecimalString(decimalOrNull(order, 'aq') ?? '0')
  const told: End | null =
    order['X'] === 'FINISHED'
      ? finished(order, quantity)
      : step === undefined
        ? null
        : { step, filledQuantity, reason }
  if (told === null) return null
  const algoId = idOf(order, 'aid')
  const became = told.step === 'triggered' ? idOrNull(order, 'ai') : null
  return {
    kind: 'order',
    symbol: textOf(order, 's'),
    clientOrderId: textOf(order, 'caid'),
    venueOrderId: became ?? algoId,
    conditional: true,
    quantity,
    fill: null,
    at: timeOf([
      [message, 'T'],
      [message, 'E'],
    ]),
    ...told,
  }
}
