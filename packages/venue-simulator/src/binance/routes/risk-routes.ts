import type { OrderView, PositionView } from '../../exchange/index.ts'
import { API_ERRORS } from '../api-error.ts'
import { placesIn } from '../places-in.ts'
import type { Answer, Call, Route } from '../route.ts'
import { money } from '../shapes/decimals.ts'
import { forcedOrderJson } from '../shapes/order-json.ts'
import { timeWindowOf } from '../time-window.ts'
import { optionalInstrumentOf } from '../with-symbol.ts'

const DAYS_MAX = 7
/** How the client ids of orders begin that the venue places by itself (binance-ccxt-facts §3.6). */
const FORCED = { LIQUIDATION: 'autoclose-', ADL: 'adl_autoclose' } as const
const KINDS = ['LIQUIDATION', 'ADL'] as const

const isForced = ({ clientOrderId }: OrderView, kinds: readonly (keyof typeof FORCED)[]): boolean =>
  kinds.some((kind) => clientOrderId.startsWith(FORCED[kind]))

const forceOrders = (call: Call): Answer => {
  const { parameters } = call
  const symbol = optionalInstrumentOf(call)?.symbol
  const kind = parameters.optionalOneOf('autoCloseType', KINDS, () =>
    API_ERRORS.invalid('autoCloseType'),
  )
  const limit = parameters.limit(50, 100)
  const { start, end } = timeWindowOf(call, DAYS_MAX)
  const orders = call.exchange
    .ordersOf(call.account, symbol)
    .filter((order) => isForced(order, kind === undefined ? KINDS : [kind]))
    .filter(({ createdAt }) => createdAt >= start && createdAt <= end)
  const some = parameters.has('startTime') ? orders.slice(0, limit) : orders.slice(-limit)
  const places = placesIn(call)
  return some.map((order) => forcedOrderJson(order, places(order.symbol)))
}

/** By side; of a crossed position in hedge mode both sides stand in one queue, and `HEDGE` says so. */
const quantilesOf = (positions: readonly PositionView[]): object => {
  const of = (side: string): number =>
    positions.find(({ positionSide }) => positionSide === side)?.adl ?? 0
  if (positions.some(({ positionSide }) => positionSide === 'BOTH'))
    return { LONG: 0, SHORT: 0, BOTH: of('BOTH') }
  const isCrossed = positions.some(({ marginType }) => marginType === 'CROSSED')
  const sides = { LONG: of('LONG'), SHORT: of('SHORT') }
  return isCrossed ? { ...sides, HEDGE: 0 } : { ...sides, BOTH: 0 }
}

const adlQuantile = (call: Call): Answer => {
  const asked = optionalInstrumentOf(call)?.symbol
  const positions = call.exchange.positions(
    call.account,
    asked === undefined ? {} : { symbol: asked },
  )
  const symbols = [...new Set(positions.map(({ symbol }) => symbol))]
  return symbols.map((symbol) => ({
    symbol,
    adlQuantile: quantilesOf(positions.filter((one) => one.symbol === symbol)),
  }))
}

/** One fund answers for every symbol. */
const insuranceFund = (call: Call): Answer => {
  const asked = optionalInstrumentOf(call)
  const { exchange, time } = call
  const fund = {
    symbols: exchange.instruments().map(({ symbol }) => symbol),
    assets: [
      {
        asset: exchange.asset,
        marginBalance: money(exchange.money().insurance),
        updateTime: time,
      },
    ],
  }
  return asked === null ? [fund] : fund
}

/** Who is closed against his will, who comes next, and what pays for it (Binance USD-M docs). */
export const RISK_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/fapi/v1/forceOrders',
    access: 'read',
    weight: (parameters) => (parameters.has('symbol') ? 20 : 50),
    answer: forceOrders,
  },
  {
    method: 'GET',
    path: '/fapi/v1/adlQuantile',
    access: 'read',
    weight: 5,
    answer: adlQuantile,
  },
  {
    method: 'GET',
    path: '/fapi/v1/insuranceBalance',
    access: 'anyone',
    weight: 1,
    answer: insuranceFund,
  },
]
