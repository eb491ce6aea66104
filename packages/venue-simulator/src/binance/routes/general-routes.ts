import type { Route } from '../route.ts'
import { exchangeInfoJson, orderLimitsJson } from '../shapes/exchange-info.ts'

/** What anyone asks first, and how much of the order limits is used. */
export const GENERAL_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/fapi/v1/ping',
    access: 'anyone',
    weight: 1,
    answer: () => ({}),
  },
  {
    method: 'GET',
    path: '/fapi/v1/time',
    access: 'anyone',
    weight: 1,
    answer: ({ time }) => ({ serverTime: time }),
  },
  {
    method: 'GET',
    path: '/fapi/v1/exchangeInfo',
    access: 'anyone',
    weight: 1,
    answer: ({ exchange, time, orderLimiter, weightLimit }) =>
      exchangeInfoJson({
        time,
        instruments: exchange.instruments(),
        weightLimit,
        orderLimits: orderLimiter.limits,
      }),
  },
  {
    method: 'GET',
    path: '/fapi/v1/rateLimit/order',
    access: 'read',
    weight: 1,
    answer: ({ orderLimiter }) => orderLimitsJson(orderLimiter.limits),
  },
]
