/**
 * What a code of the venue means for whatever was asked.
 * - `refused`: it was not done, and asking again changes nothing.
 * - `not_placed`: it was not done, and the same may be asked later.
 * - `unknown`: it may have been done.
 */
export type Verdict = 'refused' | 'not_placed' | 'unknown'

/** What else a code tells us to do. */
export type Consequence =
  | 'resync_clock'
  | 'pause'
  | 'pause_orders'
  /** An open order has this id already. */
  | 'duplicate'
  /** There is no such order, or none that is open. */
  | 'gone'
  /** It is as it should be already. */
  | 'unchanged'
  | 'key_gone'

export type CodeRow = {
  readonly code: number
  readonly verdict: Verdict
  readonly consequence: Consequence | null
  readonly meaning: string
}

const row = (
  code: number,
  verdict: Verdict,
  meaning: string,
  consequence: Consequence | null = null,
): CodeRow => ({ code, verdict, consequence, meaning })

/** binance-ccxt-facts §2.3 and §3.7, and the venue's list of error codes. What is not here is unknown. */
export const CODE_ROWS: readonly CodeRow[] = [
  row(-1000, 'unknown', 'the venue does not know what came of it'),
  row(-1001, 'unknown', 'the venue was disconnected inside'),
  row(-1002, 'refused', 'not authorized'),
  row(-1003, 'not_placed', 'too much request weight', 'pause'),
  row(-1006, 'unknown', 'unexpected answer inside the venue'),
  row(-1007, 'unknown', 'timeout inside the venue'),
  row(-1008, 'not_placed', 'the venue is overloaded'),
  row(-1010, 'refused', 'the message was refused'),
  row(-1013, 'refused', 'the message is invalid'),
  row(-1014, 'refused', 'combination of order parameters not supported'),
  row(-1015, 'not_placed', 'too many orders', 'pause_orders'),
  row(-1020, 'refused', 'operation not supported'),
  row(-1021, 'not_placed', 'time stamp outside the receive window', 'resync_clock'),
  row(-1022, 'refused', 'signature not valid'),
  row(-1023, 'refused', 'start time after end time'),
  row(-1100, 'refused', 'illegal characters in a parameter'),
  row(-1101, 'refused', 'too many parameters'),
  row(-1102, 'refused', 'mandatory parameter missing'),
  row(-1103, 'refused', 'unknown parameter'),
  row(-1104, 'refused', 'parameters left over'),
  row(-1105, 'refused', 'empty parameter'),
  row(-1106, 'refused', 'parameter not required'),
  row(-1108, 'refused', 'bad asset'),
  row(-1111, 'refused', 'too many decimals'),
  row(-1114, 'refused', 'time in force not required'),
  row(-1115, 'refused', 'bad time in force'),
  row(-1116, 'refused', 'bad order type'),
  row(-1117, 'refused', 'bad side'),
  row(-1120, 'refused', 'bad interval'),
  row(-1121, 'refused', 'bad symbol'),
  row(-1125, 'refused', 'the listen key is gone', 'key_gone'),
  row(-1128, 'refused', 'combination of optional parameters'),
  row(-1130, 'refused', 'bad value of a parameter'),
  row(-1136, 'refused', 'bad response type'),
  row(-2007, 'refused', 'callback rate not valid'),
  row(-2010, 'refused', 'the order was rejected'),
  row(-2011, 'refused', 'no such open order', 'gone'),
  row(-2012, 'refused', 'canceling all failed'),
  row(-2013, 'refused', 'no such order', 'gone'),
  row(-2014, 'refused', 'key of a wrong form'),
  row(-2015, 'refused', 'key, address or permission not valid'),
  row(-2018, 'refused', 'balance not sufficient'),
  row(-2019, 'refused', 'margin not sufficient'),
  row(-2020, 'refused', 'cannot be filled'),
  row(-2021, 'refused', 'would trigger at once'),
  row(-2022, 'refused', 'reduce-only rejected'),
  row(-2023, 'refused', 'the account is being liquidated'),
  row(-2024, 'refused', 'position not sufficient'),
  row(-2025, 'refused', 'too many open orders'),
  row(-2026, 'refused', 'reduce-only not supported for this order type'),
  row(-2027, 'refused', 'position would be too large for the leverage'),
  row(-2028, 'refused', 'leverage too low for the margin'),
  row(-4001, 'refused', 'price below zero'),
  row(-4002, 'refused', 'price above the maximum'),
  row(-4003, 'refused', 'quantity not above zero'),
  row(-4004, 'refused', 'quantity below the minimum'),
  row(-4005, 'refused', 'quantity above the maximum'),
  row(-4006, 'refused', 'trigger price below zero'),
  row(-4007, 'refused', 'trigger price above the maximum'),
  row(-4013, 'refused', 'price below the minimum'),
  row(-4014, 'refused', 'price off the tick grid'),
  row(-4015, 'refused', 'client order id of a wrong form'),
  row(-4016, 'refused', 'price above the band'),
  row(-4021, 'refused', 'quantity or depth limit not valid'),
  row(-4023, 'refused', 'quantity off the lot grid'),
  row(-4024, 'refused', 'price below the band'),
  row(-4028, 'refused', 'leverage not valid'),
  row(-4031, 'refused', 'bad parameter'),
  row(-4032, 'refused', 'too many orders in one cancel'),
  row(-4045, 'refused', 'too many conditional orders'),
  row(-4046, 'refused', 'margin type is so already', 'unchanged'),
  row(-4047, 'refused', 'margin type cannot change with open orders'),
  row(-4048, 'refused', 'margin type cannot change with a position'),
  row(-4049, 'refused', 'margin of a cross position cannot be moved'),
  row(-4055, 'refused', 'amount not above zero'),
  row(-4059, 'refused', 'position mode is so already', 'unchanged'),
  row(-4060, 'refused', 'position side not valid'),
  row(-4061, 'refused', 'position side does not fit the position mode'),
  row(-4062, 'refused', 'reduce-only or position side not wanted'),
  row(-4067, 'refused', 'position mode cannot change with open orders'),
  row(-4068, 'refused', 'position mode cannot change with a position'),
  row(-4082, 'refused', 'too many orders in one batch'),
  row(-4111, 'refused', 'not allowed now'),
  row(-4116, 'unknown', 'an open order has this client order id', 'duplicate'),
  row(-4117, 'refused', 'the conditional order is triggering'),
  row(-4118, 'refused', 'reduce-only failed'),
  row(-4120, 'refused', 'order type belongs to the other endpoint'),
  row(-4130, 'refused', 'a close-position order of this direction exists'),
  row(-4131, 'not_placed', 'the best price of the other side is outside the band'),
  row(-4137, 'refused', 'quantity with close-position'),
  row(-4138, 'refused', 'reduce-only is required'),
  row(-4140, 'refused', 'symbol status does not allow it'),
  row(-4141, 'refused', 'symbol is closed'),
  row(-4144, 'refused', 'pair not valid'),
  row(-4161, 'refused', 'leverage of an isolated position cannot be reduced'),
  row(-4164, 'refused', 'notional below the minimum'),
  row(-4165, 'refused', 'time interval too long'),
  row(-4168, 'refused', 'isolated margin is not possible in multi-assets mode'),
  row(-4183, 'refused', 'trigger price above the band'),
  row(-4184, 'refused', 'trigger price below the band'),
  row(-4192, 'refused', 'cooling-off period'),
  row(-4400, 'refused', 'account restricted to reducing'),
  row(-4401, 'refused', 'account restricted to reducing'),
  row(-4509, 'refused', 'close-position without a position'),
  row(-4531, 'refused', 'position mode is synchronized with coin-margined futures'),
  row(-5000, 'refused', 'no such path'),
  row(-5021, 'refused', 'fill-or-kill could not be filled'),
  row(-5022, 'refused', 'post-only would have taken'),
  row(-5024, 'refused', 'modification refused'),
  row(-5025, 'refused', 'modification refused'),
  row(-5026, 'refused', 'modification refused'),
  row(-5027, 'refused', 'modification refused'),
  row(-5028, 'not_placed', 'time stamp too old at the matching engine', 'resync_clock'),
  row(-5029, 'refused', 'modification refused'),
  row(-5037, 'refused', 'price match refused'),
  row(-5038, 'refused', 'price match refused'),
  row(-5039, 'refused', 'price match refused'),
  row(-5040, 'refused', 'price match refused'),
  row(-5041, 'refused', 'price match refused'),
  row(-5043, 'refused', 'modification refused'),
  row(-5047, 'refused', 'reduce-only would not reduce'),
]

const BY_CODE = new Map(CODE_ROWS.map((one) => [one.code, one]))

export const rowOf = (code: number): CodeRow | undefined => BY_CODE.get(code)
