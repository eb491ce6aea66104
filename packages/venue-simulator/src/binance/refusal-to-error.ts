import type { ExchangeInstrument, Refused, RefusalName } from '../exchange/index.ts'
import { API_ERRORS, ApiError } from './api-error.ts'

/** What the words of some refusals depend on: the symbol that was meant, where one was. */
export type Meant = Pick<ExchangeInstrument, 'minNotional' | 'status'>

/** What the order was asked for: unknown orders have another code when they are canceled. */
export type Asking = 'cancel' | 'query'

type About = { readonly detail: string; readonly asking: Asking; readonly meant: Meant | null }

const firstWord = (detail: string): string => /^\w+/.exec(detail)?.[0] ?? 'unknown'

const unknownOrder = ({ asking }: About): ApiError =>
  asking === 'cancel' ? API_ERRORS.unknownOrder() : API_ERRORS.noSuchOrder()
const malformed = ({ detail }: About): ApiError => API_ERRORS.missing(firstWord(detail))

/** Refusals whose code or words depend on what was asked. */
const SPECIAL_CASES = {
  ORDER_UNKNOWN: unknownOrder,
  CONDITIONAL_UNKNOWN: unknownOrder,
  PARAMETER_MISSING: malformed,
  PARAMETER_MALFORMED: malformed,
  PARAMETER_NOT_WANTED: ({ detail }: About) => API_ERRORS.notWanted(firstWord(detail)),
  NOTIONAL_BELOW_MINIMUM: ({ meant }: About) =>
    API_ERRORS.notionalTooSmall(meant?.minNotional ?? '5'),
  SYMBOL_NOT_TRADING: ({ meant }: About) =>
    meant?.status === 'CLOSE' ? API_ERRORS.symbolClosed() : API_ERRORS.symbolNotOpen(),
  ACCOUNT_UNKNOWN: () => API_ERRORS.rejectedKey(),
} as const satisfies Partial<Record<RefusalName, (about: About) => ApiError>>

type Plain = Exclude<RefusalName, keyof typeof SPECIAL_CASES>
const SPECIAL: Partial<Record<RefusalName, (about: About) => ApiError>> = SPECIAL_CASES

/** Code and words of each of the exchange's refusals; texts are those of Binance's error list. */
const CODES: Readonly<Record<Plain, readonly [code: number, message: string]>> = {
  SYMBOL_UNKNOWN: [-1121, 'Invalid symbol.'],
  ACCOUNT_RESTRICTED: [
    -4400,
    'Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try again later.',
  ],
  TIME_IN_FORCE_INVALID: [-1115, 'Invalid timeInForce.'],
  CLIENT_ORDER_ID_INVALID: [-4015, 'Client order id is not valid.'],
  CLIENT_ORDER_ID_IN_USE: [-4116, 'ClientOrderId is duplicated.'],
  POSITION_SIDE_MISMATCH: [-4061, "Order's position side does not match user's setting."],
  GOOD_TILL_DATE_INVALID: [
    -5040,
    'The goodTillDate timestamp must be greater than the current time plus 600 seconds and smaller than 253402300799000',
  ],
  PRICE_MATCH_WITHOUT_PRICE: [-5041, 'No depth matches this BBO order'],
  CLOSE_POSITION_WITH_QUANTITY: [-4137, 'Quantity must be zero with closePosition equals true'],
  CLOSE_POSITION_WITH_REDUCE_ONLY: [
    -4138,
    'Reduce only must be true with closePosition equals true',
  ],
  CALLBACK_RATE_INVALID: [-2007, 'Invalid callBack rate'],
  PRECISION_EXCEEDED: [-1111, 'Precision is over the maximum defined for this asset.'],
  PRICE_NOT_POSITIVE: [-4001, 'Price less than 0.'],
  PRICE_ABOVE_MAXIMUM: [-4002, 'Price greater than max price.'],
  PRICE_BELOW_MINIMUM: [-4013, 'Price less than min price.'],
  PRICE_NOT_ON_TICK: [-4014, 'Price not increased by tick size.'],
  QUANTITY_NOT_POSITIVE: [-4003, 'Quantity less than or equal to zero.'],
  QUANTITY_BELOW_MINIMUM: [-4004, 'Quantity less than min quantity.'],
  QUANTITY_ABOVE_MAXIMUM: [-4005, 'Quantity greater than max quantity.'],
  QUANTITY_NOT_ON_STEP: [-4023, 'Qty not increased by step size.'],
  PRICE_ABOVE_CAP: [-4016, 'Price is higher than mark price multiplier cap.'],
  PRICE_BELOW_FLOOR: [-4024, 'Price is lower than mark price multiplier floor.'],
  TRIGGER_ABOVE_CAP: [-4183, 'Price is higher than stop price multiplier cap.'],
  TRIGGER_BELOW_FLOOR: [-4184, 'Price is lower than stop price multiplier floor.'],
  COUNTERPARTY_PRICE_OUT_OF_BOUND: [
    -4131,
    "The counterparty's best price does not meet the PERCENT_PRICE filter limit.",
  ],
  OPEN_ORDERS_ABOVE_MAXIMUM: [-2025, 'Reach max open order limit.'],
  CONDITIONALS_ABOVE_MAXIMUM: [-4045, 'Reach max stop order limit.'],
  REDUCE_ONLY_REJECTED: [-2022, 'ReduceOnly Order is rejected.'],
  REDUCE_ONLY_CONFLICT: [
    -4118,
    'ReduceOnly Order Failed. Please check your existing position and open orders',
  ],
  MARGIN_INSUFFICIENT: [-2019, 'Margin is insufficient.'],
  BALANCE_INSUFFICIENT: [-2018, 'Balance is insufficient.'],
  POSITION_ABOVE_LEVERAGE_LIMIT: [
    -2027,
    'Exceeded the maximum allowable position at current leverage.',
  ],
  LEVERAGE_INVALID: [-4028, 'Leverage is not valid'],
  LEVERAGE_REDUCTION_ISOLATED: [
    -4161,
    'Leverage reduction is not supported in Isolated Margin Mode with open positions',
  ],
  LEVERAGE_TOO_LOW_FOR_MARGIN: [
    -2028,
    'Leverage is smaller than permitted: insufficient margin balance.',
  ],
  MARGIN_TYPE_UNCHANGED: [-4046, 'No need to change margin type.'],
  MARGIN_TYPE_WITH_ORDERS: [-4047, 'Margin type cannot be changed if there exists open orders.'],
  MARGIN_TYPE_WITH_POSITION: [-4048, 'Margin type cannot be changed if there exists position.'],
  POSITION_MODE_UNCHANGED: [-4059, 'No need to change position side.'],
  POSITION_MODE_WITH_ORDERS: [
    -4067,
    'Position side cannot be changed if there exists open orders.',
  ],
  POSITION_MODE_WITH_POSITIONS: [
    -4068,
    'Position side cannot be changed if there exists position.',
  ],
  POSITION_NOT_ISOLATED: [-4049, 'Add margin only support for isolated position.'],
  FOK_NOT_FILLED: [
    -5021,
    'Due to the order could not be filled immediately, the FOK order has been rejected. The order will not be recorded in the order history',
  ],
  GTX_WOULD_TAKE: [
    -5022,
    'Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history',
  ],
  WOULD_TRIGGER_IMMEDIATELY: [-2021, 'Order would immediately trigger.'],
  CONDITIONAL_TRIGGERING: [-4117, 'Stop order is triggering.'],
  CLOSE_POSITION_IN_PLACE: [
    -4130,
    'An open stop or take profit order with GTE and closePosition in the direction is existing.',
  ],
  CLOSE_POSITION_WITHOUT_POSITION: [
    -4509,
    'Time in Force (TIF) GTE can only be used with open positions. Please ensure that positions are available.',
  ],
  AMEND_NOT_LIMIT: [-5025, 'Only limit order is supported.'],
  AMEND_UNCHANGED: [-5027, 'No need to modify the order.'],
  AMENDED_TOO_OFTEN: [-5026, 'Exceed maximum modify order limit.'],
  AMEND_SIDE_MISMATCH: [
    -1102,
    "Mandatory parameter 'side' was not sent, was empty/null, or malformed.",
  ],
  AMEND_REDUCE_ONLY_MISMATCH: [-5047, 'The reduceOnly of the order does not match.'],
}

/** A refusal of the exchange as the venue words it. */
export const refusalToError = (
  { refusal, detail }: Refused,
  asking: Asking = 'query',
  meant: Meant | null = null,
): ApiError => {
  const special = SPECIAL[refusal]
  if (special !== undefined) return special({ detail, asking, meant })
  const [code, message] = CODES[refusal as Plain]
  return new ApiError(code, message)
}

const NAMED = /^([A-Z_]+): /

/**
 * A reason that the exchange gives in its own words, as the venue words it; unchanged where it begins with no
 * refusal's name.
 */
export const venueWordsOf = (reason: string): string => {
  const name = NAMED.exec(reason)?.[1] ?? ''
  return Object.hasOwn(CODES, name) ? CODES[name as Plain][1] : reason
}
