/**
 * Why the exchange says no. The names are its own; the number beside each is the code that Binance answers
 * in that case (binance-ccxt-facts §3.7), for whoever puts names into words.
 */
export type RefusalName =
  // Who and what
  | 'ACCOUNT_UNKNOWN' // -2015
  | 'SYMBOL_UNKNOWN' // -1121
  | 'SYMBOL_NOT_TRADING' // -4140 (opening), -4141 (closed)
  | 'ACCOUNT_RESTRICTED' // -4400: only orders that reduce
  // Parameters that do not fit together
  | 'PARAMETER_MALFORMED' // -1100; the detail begins with the parameter's name
  | 'PARAMETER_MISSING' // -1102; the detail begins with the parameter's name
  | 'PARAMETER_NOT_WANTED' // -1106; as above
  | 'TIME_IN_FORCE_INVALID' // -1115
  | 'CLIENT_ORDER_ID_INVALID' // -4015
  | 'CLIENT_ORDER_ID_IN_USE' // -4116
  | 'POSITION_SIDE_MISMATCH' // -4061
  | 'GOOD_TILL_DATE_INVALID' // -5040
  | 'PRICE_MATCH_WITHOUT_PRICE' // -5039: the book shows nothing to match
  | 'CLOSE_POSITION_WITH_QUANTITY' // -4137
  | 'CLOSE_POSITION_WITH_REDUCE_ONLY' // -4138
  | 'CALLBACK_RATE_INVALID' // -2007
  // Filters (binance-ccxt-facts §2.2)
  | 'PRECISION_EXCEEDED' // -1111
  | 'PRICE_NOT_POSITIVE' // -4001
  | 'PRICE_ABOVE_MAXIMUM' // -4002
  | 'PRICE_BELOW_MINIMUM' // -4013
  | 'PRICE_NOT_ON_TICK' // -4014
  | 'QUANTITY_NOT_POSITIVE' // -4003
  | 'QUANTITY_BELOW_MINIMUM' // -4004
  | 'QUANTITY_ABOVE_MAXIMUM' // -4005
  | 'QUANTITY_NOT_ON_STEP' // -4023
  | 'NOTIONAL_BELOW_MINIMUM' // -4164
  | 'PRICE_ABOVE_CAP' // -4016
  | 'PRICE_BELOW_FLOOR' // -4024
  | 'TRIGGER_ABOVE_CAP' // -4183
  | 'TRIGGER_BELOW_FLOOR' // -4184
  | 'COUNTERPARTY_PRICE_OUT_OF_BOUND' // -4131
  | 'OPEN_ORDERS_ABOVE_MAXIMUM' // -2025
  | 'CONDITIONALS_ABOVE_MAXIMUM' // -4045
  // Position and margin
  | 'REDUCE_ONLY_REJECTED' // -2022: nothing to reduce
  | 'REDUCE_ONLY_CONFLICT' // -4118: other reduce-only orders have all of the position
  | 'MARGIN_INSUFFICIENT' // -2019
  | 'BALANCE_INSUFFICIENT' // -2018 (withdrawal)
  | 'POSITION_ABOVE_LEVERAGE_LIMIT' // -2027
  | 'LEVERAGE_INVALID' // -4028
  | 'LEVERAGE_TOO_LOW_FOR_MARGIN' // -2028
  | 'LEVERAGE_REDUCTION_ISOLATED' // -4161: not with an isolated position
  | 'MARGIN_TYPE_UNCHANGED' // -4046
  | 'MARGIN_TYPE_WITH_ORDERS' // -4047
  | 'MARGIN_TYPE_WITH_POSITION' // -4048
  | 'POSITION_MODE_UNCHANGED' // -4059
  | 'POSITION_MODE_WITH_ORDERS' // -4067
  | 'POSITION_MODE_WITH_POSITIONS' // -4068
  | 'POSITION_NOT_ISOLATED' // -4049: margin of a cross position cannot be moved
  // What the book makes impossible
  | 'FOK_NOT_FILLED' // -5021
  | 'GTX_WOULD_TAKE' // -5022
  | 'WOULD_TRIGGER_IMMEDIATELY' // -2021
  // Orders and conditional orders
  | 'ORDER_UNKNOWN' // -2011 when canceling, -2013 when asked for or amended
  | 'CONDITIONAL_UNKNOWN' // as above
  | 'CONDITIONAL_TRIGGERING' // -4117
  | 'CLOSE_POSITION_IN_PLACE' // -4130
  | 'CLOSE_POSITION_WITHOUT_POSITION' // -4509
  | 'AMEND_NOT_LIMIT' // -5024
  | 'AMEND_UNCHANGED' // -5027
  | 'AMENDED_TOO_OFTEN' // -5026
  | 'AMEND_SIDE_MISMATCH' // -1102
  | 'AMEND_REDUCE_ONLY_MISMATCH' // -5047

export type Refused = {
  readonly ok: false
  readonly refusal: RefusalName
  /** For people: the field, its value, what was expected. */
  readonly detail: string
}

export type ExchangeResult<T> = { readonly ok: true; readonly value: T } | Refused

export const refuse = (refusal: RefusalName, detail: string): Refused => ({
  ok: false,
  refusal,
  detail,
})

export const accept = <T>(value: T): ExchangeResult<T> => ({ ok: true, value })
