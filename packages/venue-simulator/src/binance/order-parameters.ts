import type {
  AmendOrder,
  ConditionalOrderType,
  NewConditional,
  NewOrder,
  OrderKey,
  PlainOrderType,
  PositionSideName,
  PriceMatch,
  SelfTradePrevention,
  TimeInForce,
  WorkingType,
} from '../exchange/index.ts'
import { API_ERRORS } from './api-error.ts'
import type { Parameters } from './parameters.ts'

const SIDES = ['BUY', 'SELL'] as const
const PLAIN: readonly PlainOrderType[] = ['LIMIT', 'MARKET']
const CONDITIONAL: readonly ConditionalOrderType[] = [
  'STOP',
  'STOP_MARKET',
  'TAKE_PROFIT',
  'TAKE_PROFIT_MARKET',
  'TRAILING_STOP_MARKET',
]
const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD']
const POSITION_SIDES: readonly PositionSideName[] = ['BOTH', 'LONG', 'SHORT']
const WORKING_TYPES: readonly WorkingType[] = ['CONTRACT_PRICE', 'MARK_PRICE']
const PREVENTIONS: readonly SelfTradePrevention[] = [
  'NONE',
  'EXPIRE_TAKER',
  'EXPIRE_MAKER',
  'EXPIRE_BOTH',
]
const PRICE_MATCHES: readonly PriceMatch[] = [
  'NONE',
  'OPPONENT',
  'OPPONENT_5',
  'OPPONENT_10',
  'OPPONENT_20',
  'QUEUE',
  'QUEUE_5',
  'QUEUE_10',
  'QUEUE_20',
]

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out what was not sent, as optional fields want it. */
const sent = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>

type Shared = Pick<
  NewConditional,
  | 'timeInForce'
  | 'quantity'
  | 'price'
  | 'positionSide'
  | 'reduceOnly'
  | 'selfTradePrevention'
  | 'priceMatch'
  | 'goodTillDate'
>

/** What plain and conditional orders both may have. */
const shared = (parameters: Parameters): Given<Shared> =>
  sent({
    timeInForce: parameters.optionalOneOf(
      'timeInForce',
      TIMES_IN_FORCE,
      API_ERRORS.invalidTimeInForce,
    ),
    quantity: parameters.optionalDecimal('quantity'),
    price: parameters.optionalDecimal('price'),
    positionSide: parameters.optionalOneOf(
      'positionSide',
      POSITION_SIDES,
      API_ERRORS.invalidPositionSide,
    ),
    reduceOnly: parameters.optionalBoolean('reduceOnly', API_ERRORS.invalidReduceOnly),
    selfTradePrevention: parameters.optionalOneOf(
      'selfTradePreventionMode',
      PREVENTIONS,
      API_ERRORS.invalidSelfTradePrevention,
    ),
    priceMatch: parameters.optionalOneOf('priceMatch', PRICE_MATCHES, API_ERRORS.invalidPriceMatch),
    goodTillDate: parameters.optionalInteger('goodTillDate'),
  })

export type ResponseType = 'ACK' | 'RESULT'

/** `newOrderRespType`; ACK when absent. */
const responseTypeOf = (parameters: Parameters): ResponseType =>
  parameters.optionalOneOf(
    'newOrderRespType',
    ['ACK', 'RESULT'] as const,
    API_ERRORS.invalidResponseType,
  ) ?? 'ACK'

/**
 * A plain order as it was sent. In this order: what every order needs (-1102), side and type (-1117,
 * -1116), conditional types (-4120), what the type needs (-1102), then each of the others.
 */
export const readOrder = (
  parameters: Parameters,
): { readonly order: NewOrder; readonly responseType: ResponseType } => {
  parameters.require('symbol', 'side', 'type')
  const side = parameters.oneOf('side', SIDES, API_ERRORS.invalidSide)
  const asked = parameters.oneOf('type', [...PLAIN, ...CONDITIONAL], API_ERRORS.invalidType)
  const type = PLAIN.find((plain) => plain === asked)
  if (type === undefined) throw API_ERRORS.useAlgoEndpoints()
  const matches = parameters.peek('priceMatch') ?? 'NONE'
  if (type === 'LIMIT') {
    parameters.require('timeInForce', 'quantity')
    if (matches === 'NONE') parameters.require('price')
  } else parameters.require('quantity')
  const clientOrderId = parameters.optionalText('newClientOrderId')
  const order: NewOrder = {
    symbol: parameters.text('symbol'),
    side,
    type,
    ...shared(parameters),
    quantity: parameters.decimal('quantity'),
    ...(clientOrderId === undefined ? {} : { clientOrderId }),
  }
  return { order, responseType: responseTypeOf(parameters) }
}

/** A change of an order as it was sent. Throws as `readOrder` does. */
export const readAmendment = (parameters: Parameters): AmendOrder => {
  parameters.require('symbol', 'side', 'quantity')
  if (parameters.peek('priceMatch') === undefined) parameters.require('price')
  return {
    side: parameters.oneOf('side', SIDES, API_ERRORS.invalidSide),
    quantity: parameters.decimal('quantity'),
    ...sent({
      price: parameters.optionalDecimal('price'),
      priceMatch: parameters.optionalOneOf(
        'priceMatch',
        PRICE_MATCHES,
        API_ERRORS.invalidPriceMatch,
      ),
      modifyId: parameters.optionalInteger('modifyId'),
      reduceOnly: parameters.optionalBoolean('reduceOnly', API_ERRORS.invalidReduceOnly),
    }),
  }
}

/**
 * A conditional order as it was sent (binance-ccxt-facts §3.2). `activationPrice`, the former name of
 * `activatePrice`, is passed over as the venue passes it over.
 */
export const readConditional = (parameters: Parameters): NewConditional => {
  parameters.require('algoType', 'symbol', 'side', 'type')
  parameters.oneOf('algoType', ['CONDITIONAL'] as const, () => API_ERRORS.invalid('algoType'))
  const side = parameters.oneOf('side', SIDES, API_ERRORS.invalidSide)
  const type = parameters.oneOf('type', CONDITIONAL, API_ERRORS.invalidType)
  const closePosition = parameters.optionalBoolean('closePosition')
  if (type === 'TRAILING_STOP_MARKET') parameters.require('callbackRate')
  else parameters.require('triggerPrice')
  if (closePosition !== true) parameters.require('quantity')
  const limit = type === 'STOP' || type === 'TAKE_PROFIT'
  if (limit && parameters.peek('priceMatch') === undefined) parameters.require('price')
  return {
    symbol: parameters.text('symbol'),
    side,
    type,
    ...shared(parameters),
    ...sent({
      closePosition,
      triggerPrice: parameters.optionalDecimal('triggerPrice'),
      activatePrice: parameters.optionalDecimal('activatePrice'),
      callbackRate: parameters.optionalDecimal('callbackRate'),
      workingType: parameters.optionalOneOf(
        'workingType',
        WORKING_TYPES,
        API_ERRORS.invalidWorkingType,
      ),
      clientAlgoId: parameters.optionalText('clientAlgoId'),
      priceProtect: parameters.optionalBoolean('priceProtect'),
    }),
  }
}

/** By which id an order is meant; the venue's own counts where both are sent. */
export const readOrderKey = (parameters: Parameters): OrderKey => {
  const orderId = parameters.optionalInteger('orderId')
  if (orderId !== undefined) return { orderId }
  const clientOrderId = parameters.optionalText('origClientOrderId')
  if (clientOrderId === undefined) throw API_ERRORS.missingBoth('orderId', 'origClientOrderId')
  return { clientOrderId }
}
