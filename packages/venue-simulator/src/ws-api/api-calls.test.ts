import { beforeEach, describe, expect, it } from '@jest/globals'
import { API_CALLS } from '../binance/index.ts'
import type { SimulatedVenue } from '../venue/simulated-venue.ts'
import { KEYS, quote, stillVenue } from '../venue/testing/still-market.ts'
import type { VenueClient } from '../venue/testing/venue-client.ts'
import { ApiClient, hmacSigner, type Params } from './api-client.fixture.ts'
import { plainDecimals } from './plain-decimals.fixture.ts'

const symbol = 'BTCUSDT'
const LIMIT = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01' }
const STOP = {
  algoType: 'CONDITIONAL',
  symbol,
  side: 'SELL',
  type: 'STOP_MARKET',
  triggerPrice: '59000',
  closePosition: true,
}

const weight = ({ rateLimits }: { rateLimits?: readonly { count: number }[] }) =>
  rateLimits?.[0]?.count
const nothing = (): undefined => undefined

let venue: SimulatedVenue
let rest: VenueClient
let api: ApiClient
beforeEach(() => {
  ;({ venue, client: rest } = stillVenue())
  api = new ApiClient(venue, { apiKey: KEYS.apiKey, signer: hmacSigner(KEYS.secret) })
})

describe('what asks nothing new', () => {
  it.each<[string, string, string, Params, 'signed' | 'plain']>([
    ['ping', 'GET', '/fapi/v1/ping', {}, 'plain'],
    ['time', 'GET', '/fapi/v1/time', {}, 'plain'],
    ['depth', 'GET', '/fapi/v1/depth', { symbol, limit: 5 }, 'plain'],
    ['ticker.price', 'GET', '/fapi/v1/ticker/price', { symbol }, 'plain'],
    ['ticker.price', 'GET', '/fapi/v1/ticker/price', {}, 'plain'],
    ['ticker.book', 'GET', '/fapi/v1/ticker/bookTicker', { symbol }, 'plain'],
    ['order.status', 'GET', '/fapi/v1/order', { symbol, origClientOrderId: 'a' }, 'signed'],
    ['account.balance', 'GET', '/fapi/v2/balance', {}, 'signed'],
    ['v2/account.balance', 'GET', '/fapi/v3/balance', {}, 'signed'],
    ['account.status', 'GET', '/fapi/v2/account', {}, 'signed'],
    ['v2/account.status', 'GET', '/fapi/v3/account', {}, 'signed'],
    ['account.position', 'GET', '/fapi/v2/positionRisk', { symbol }, 'signed'],
    ['v2/account.position', 'GET', '/fapi/v3/positionRisk', { symbol }, 'signed'],
  ])('%s is answered as %s %s is', (method, verb, path, params, how) => {
    api.ask('order.place', { ...LIMIT, price: '59000', newClientOrderId: 'a' })
    const answer = how === 'signed' ? api.ask(method, params) : api.plain(method, params)
    const values = params as Record<string, string>
    const asked =
      how === 'signed' ? rest.signed(verb, path, values) : rest.plain(verb, path, values)
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.result).toEqual(plainDecimals(asked.json))
  })

  it('costs the same weight, by the same count', () => {
    expect(weight(api.plain('depth', { symbol, limit: 1000 }))).toBe(20)
    expect(rest.plain('GET', '/fapi/v1/ping').headers['x-mbx-used-weight-1m']).toBe('21')
    expect(weight(api.ask('v2/account.status'))).toBe(26)
    expect(api.ask('order.place', { ...LIMIT, price: '59000' }).rateLimits).toEqual([
      {
        rateLimitType: 'REQUEST_WEIGHT',
        interval: 'MINUTE',
        intervalNum: 1,
        limit: 2400,
        count: 26,
      },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300, count: 1 },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200, count: 1 },
    ])
  })

  it('has no method beside those of the documentation, and takes their version before the name', () => {
    expect([...API_CALLS.keys()]).toHaveLength(23)
    expect(api.plain('v1/time')).toMatchObject({ status: 200 })
  })
})

describe('an order over the WebSocket API', () => {
  it('rests, is modified, asked for, and canceled', () => {
    const placed = api.ask('order.place', { ...LIMIT, price: '59000', newClientOrderId: 'a' })
    expect(placed.result).toMatchObject({ clientOrderId: 'a', status: 'NEW', price: '59000' })
    const change = { symbol, side: 'BUY', quantity: 0.02, price: 59100, origClientOrderId: 'a' }
    expect(api.ask('order.modify', change).result).toMatchObject({
      price: '59100',
      origQty: '0.02',
    })
    expect(plainDecimals(rest.signed('GET', '/fapi/v1/openOrders', { symbol }).json)).toMatchObject(
      [{ price: '59100' }],
    )
    const { orderId } = placed.result as { orderId: number }
    expect(api.ask('order.cancel', { symbol, orderId }).result).toMatchObject({
      status: 'CANCELED',
    })
    expect(api.ask('order.status', { symbol, orderId }).result).toMatchObject({
      status: 'CANCELED',
      avgPrice: '0',
    })
  })

  it('takes, is protected, and is stopped out', () => {
    const market = { symbol, side: 'BUY', type: 'MARKET', quantity: '0.01' }
    const taken = api.ask('order.place', { ...market, newOrderRespType: 'RESULT' })
    expect(taken.result).toMatchObject({ status: 'FILLED', executedQty: '0.01' })
    const stop = api.ask('algoOrder.place', STOP)
    expect(stop.result).toMatchObject({ algoStatus: 'NEW', triggerPrice: '59000' })
    const other = api.ask('algoOrder.place', { ...STOP, clientAlgoId: 'b', triggerPrice: '58000' })
    expect(other.status).toBe(400)
    const target = { ...STOP, type: 'TAKE_PROFIT_MARKET', triggerPrice: '61000', clientAlgoId: 't' }
    expect(api.ask('algoOrder.place', target).status).toBe(200)
    expect(api.ask('algoOrder.cancel', { clientAlgoId: 't' }).result).toMatchObject({ code: '200' })
    quote(venue, 58_900)
    expect(api.ask('v2/account.position', { symbol }).result).toEqual([])
  })

  it('has a listen key made, kept and ended with the key alone', () => {
    const { apiKey } = KEYS
    const { result } = api.plain('userDataStream.start', { apiKey })
    expect(result).toEqual({ listenKey: venue.listenKeys.keyOf('main') })
    expect(api.plain('userDataStream.ping', { apiKey }).result).toEqual(result)
    expect(api.plain('userDataStream.stop', { apiKey }).result).toEqual({})
    expect(api.plain('userDataStream.ping', { apiKey })).toMatchObject({
      status: 400,
      error: { code: -1125 },
    })
    expect(api.plain('userDataStream.start')).toMatchObject({ error: { code: -1102 } })
  })

  it('is told of on the account stream, as any other', () => {
    const { listenKey } = api.plain('userDataStream.start', { apiKey: KEYS.apiKey }).result as {
      listenKey: string
    }
    const told: string[] = []
    venue.connect('/private/ws', `listenKey=${listenKey}`, {
      send: (text) => told.push((JSON.parse(text) as { e: string }).e),
      ping: nothing,
      pong: nothing,
      close: nothing,
      terminate: nothing,
    })
    api.ask('order.place', { symbol, side: 'BUY', type: 'MARKET', quantity: '0.01' })
    expect(told).toEqual([
      'ORDER_TRADE_UPDATE',
      'TRADE_LITE',
      'ORDER_TRADE_UPDATE',
      'ACCOUNT_UPDATE',
    ])
  })

  it.each<[string, string, Params, number, number]>([
    [
      'more than the margin',
      'order.place',
      { ...LIMIT, quantity: '100', price: '59000' },
      400,
      -2019,
    ],
    ['nothing to cancel', 'order.cancel', { symbol, orderId: 1 }, 400, -2011],
    ['nothing to ask for', 'order.status', { symbol, orderId: 1 }, 400, -2013],
    ['a conditional type', 'order.place', { ...LIMIT, type: 'STOP_MARKET' }, 400, -4120],
    ['no quantity', 'order.place', { symbol, side: 'BUY', type: 'MARKET' }, 400, -1102],
    [
      'a quantity in an exponent',
      'order.place',
      { ...LIMIT, price: 59000, quantity: 1e-7 },
      400,
      -1102,
    ],
    ['a symbol of nobody', 'depth', { symbol: 'NOUSDT' }, 400, -1121],
    ['a method of nobody', 'order.dance', {}, 404, -5000],
    ['a method of spot', 'v3/order.place', {}, 404, -5000],
    ['an old timestamp', 'account.status', { timestamp: 1 }, 400, -1021],
  ])('is refused for %s', (_, method, params, status, code) => {
    const answer = api.ask(method, params)
    expect(answer).toMatchObject({ status, error: { code } })
    expect(answer).not.toHaveProperty('result')
  })
})
