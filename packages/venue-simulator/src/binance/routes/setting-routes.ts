import type { PositionSideName } from '../../exchange/index.ts'
import { API_ERRORS, ApiError } from '../api-error.ts'
import type { Answer, Call, Route } from '../route.ts'
import { done } from '../done.ts'
import { instrumentOf } from '../with-symbol.ts'

const SUCCESS = { code: 200, msg: 'success' }
const LEVERAGE_MAX = 125
const SIDES: readonly PositionSideName[] = ['BOTH', 'LONG', 'SHORT']

const setLeverage = (call: Call): Answer => {
  call.parameters.require('symbol', 'leverage')
  const leverage = call.parameters.integer('leverage', { min: Number.MIN_SAFE_INTEGER })
  const { symbol } = instrumentOf(call)
  if (leverage < 1 || leverage > LEVERAGE_MAX) throw API_ERRORS.invalidLeverage(leverage)
  const config = done(call, call.exchange.setLeverage(call.account, symbol, leverage))
  return { leverage: config.leverage, maxNotionalValue: config.maxNotional, symbol }
}

const setMarginType = (call: Call): Answer => {
  call.parameters.require('symbol', 'marginType')
  const type = call.parameters.oneOf('marginType', ['ISOLATED', 'CROSSED'] as const, () =>
    API_ERRORS.invalid('marginType'),
  )
  const { symbol } = instrumentOf(call)
  done(call, call.exchange.setMarginType(call.account, symbol, type))
  return SUCCESS
}

const setPositionMode = (call: Call): Answer => {
  const hedgeMode = call.parameters.optionalBoolean('dualSidePosition')
  if (hedgeMode === undefined) throw API_ERRORS.missing('dualSidePosition')
  done(call, call.exchange.setPositionMode(call.account, hedgeMode))
  return SUCCESS
}

/** What is not to be had here stays as it is: taken once more, refused otherwise. */
const staysOff =
  (name: string, unchanged: () => Answer) =>
  (call: Call): Answer => {
    const wanted = call.parameters.optionalBoolean(name)
    if (wanted === undefined) throw API_ERRORS.missing(name)
    if (wanted) throw API_ERRORS.notAllowedYet()
    return unchanged()
  }

const setMultiAssets = staysOff('multiAssetsMargin', () => {
  throw API_ERRORS.assetModeUnchanged()
})

/** An account without a fee asset has nothing to burn: there it stays off. */
const setFeeBurn = (call: Call): Answer => {
  const wanted = call.parameters.optionalBoolean('feeBurn')
  if (wanted === undefined) throw API_ERRORS.missing('feeBurn')
  if (!call.exchange.setFeeBurn(call.account, wanted).ok) throw API_ERRORS.notAllowedYet()
  return SUCCESS
}

const ADD = 1
const REDUCE = 2

const moveMargin = (call: Call): Answer => {
  const { parameters } = call
  parameters.require('symbol', 'amount', 'type')
  const type = parameters.integer('type', { min: ADD, max: REDUCE })
  const amount = parameters.decimal('amount')
  const side =
    parameters.optionalOneOf('positionSide', SIDES, API_ERRORS.invalidPositionSide) ?? 'BOTH'
  const { symbol } = instrumentOf(call)
  if (amount.startsWith('-') || Number(amount) === 0)
    throw new ApiError(-4055, 'Amount must be positive.')
  const signed = type === REDUCE ? `-${amount}` : amount
  done(call, call.exchange.moveMargin(call.account, symbol, side, signed))
  return { amount: Number(amount), code: 200, msg: 'Successfully modify position margin.', type }
}

const set = (path: string, answer: (call: Call) => Answer): Route => ({
  method: 'POST',
  path,
  access: 'trade',
  weight: 1,
  answer,
})

/** How an account trades (binance-ccxt-facts §3.4). */
export const SETTING_ROUTES: readonly Route[] = [
  set('/fapi/v1/leverage', setLeverage),
  set('/fapi/v1/marginType', setMarginType),
  set('/fapi/v1/positionSide/dual', setPositionMode),
  set('/fapi/v1/positionMargin', moveMargin),
  set('/fapi/v1/multiAssetsMargin', setMultiAssets),
  set('/fapi/v1/feeBurn', setFeeBurn),
]
