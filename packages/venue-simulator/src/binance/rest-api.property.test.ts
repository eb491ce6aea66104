import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { KEYS, START, stillVenue } from '../venue/testing/still-market.ts'
import type { VenueRequest } from '../venue/venue-request.ts'
import { ROUTES } from './routes/index.ts'
import { sign } from './sign.ts'

const NAMES = (
  'symbol side type quantity price timeInForce newClientOrderId ' +
  'orderId origClientOrderId reduceOnly positionSide stopPrice triggerPrice algoType ' +
  'algoId clientAlgoId closePosition callbackRate activatePrice workingType priceProtect ' +
  'priceMatch goodTillDate newOrderRespType selfTradePreventionMode limit fromId startTime ' +
  'endTime interval pair contractType leverage marginType dualSidePosition ' +
  'countdownTime amount batchOrders orderIdList origclientorderidlist incomeType page ' +
  'modifyId recvWindow timestamp signature __proto__ constructor ids[]'
).split(' ')

const WORDS = (
  'BTCUSDT BUY SELL LIMIT MARKET GTC GTX IOC FOK ' +
  'GTD RESULT 0.002 0.5 60000 59000.5 61000 1 5 ' +
  '500 1m 1d true false STOP_MARKET TAKE_PROFIT TRAILING_STOP_MARKET CONDITIONAL ' +
  'BOTH LONG mine ISOLATED CROSSED PERPETUAL MARK_PRICE OPPONENT QUEUE_5 ' +
  'EXPIRE_BOTH'
).split(' ')

const GOOD = [
  ...WORDS,
  String(START),
  String(START - 1000),
  '[1,2]',
  '["mine"]',
  '["1",{"a":[]}]',
  '[[]]',
  '[null]',
  '[{"symbol":"BTCUSDT","side":"BUY","type":"MARKET","quantity":"0.002"}]',
  '[{"symbol":"BTCUSDT","side":"SELL","type":"LIMIT","quantity":0.002,"price":61000,"timeInForce":"GTC"},7]',
]

const MALFORMED =
  '1e5 -1 -0 NaN Infinity -Infinity 0x10 1_000 .5 1. +1 0 null undefined {} {"a": [ btcusdt %'.split(
    ' ',
  )

const BAD = [
  ...MALFORMED,
  '',
  ' 1',
  '9'.repeat(16),
  '9'.repeat(20),
  '9'.repeat(400),
  `0.${'1'.repeat(30)}`,
  '\u0000',
  '٣',
  '💥',
  'a'.repeat(37),
  '\ud800',
]

const safely = (text: string): string => {
  try {
    return encodeURIComponent(text)
  } catch {
    return text
  }
}

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...GOOD) },
  { weight: 3, arbitrary: fc.constantFrom(...BAD) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
const pair = fc.tuple(fc.constantFrom(...NAMES), value, fc.boolean())
const pairs = fc
  .array(pair, { maxLength: 14 })
  .map((list) => list.map(([name, text, raw]) => `${name}=${raw ? text : safely(text)}`).join('&'))

/** What makes an order that could be placed, so that not everything ends at the first check. */
const order = fc
  .record({
    side: fc.constantFrom('BUY', 'SELL'),
    type: fc.constantFrom('LIMIT', 'MARKET'),
    quantity: fc.constantFrom('0.002', '0.1', '2', '12', '0.0001', '1e3'),
    price: fc.constantFrom('60000', '60000.1', '59999.9', '1', '99999999', '60000.05'),
    timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK', 'GTX'),
  })
  .map(({ side, type, quantity, price, timeInForce }) =>
    type === 'LIMIT'
      ? `symbol=BTCUSDT&side=${side}&type=${type}&quantity=${quantity}&price=${price}&timeInForce=${timeInForce}`
      : `symbol=BTCUSDT&side=${side}&type=${type}&quantity=${quantity}`,
  )

const known = fc.constantFrom(...ROUTES.map(({ method, path }) => ({ method, path })))
const anything = fc.record({ method: fc.string(), path: fc.string({ unit: 'binary' }) })
const target = fc.oneof(
  { weight: 8, arbitrary: known },
  { weight: 1, arbitrary: anything },
  {
    weight: 1,
    arbitrary: fc.record({
      method: fc.constantFrom('GET', 'PATCH', 'POST'),
      path: fc.constantFrom('/fapi/v1/order', '/', '/sim/v1/state', '/sim/v1/moves', '/fapi/v9/x'),
    }),
  },
)

type Drawn = {
  readonly target: { readonly method: string; readonly path: string }
  readonly query: string
  readonly body: string
  readonly isSigned: boolean
  readonly contentType: string
  readonly key: string
  readonly passes: number
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  target,
  query: fc.oneof(pairs, fc.string({ unit: 'binary' }), order),
  body: fc.oneof(fc.constant(''), pairs, fc.string({ unit: 'binary' }), fc.json()),
  isSigned: fc.boolean(),
  contentType: fc.constantFrom('application/json', 'application/x-www-form-urlencoded', ''),
  key: fc.oneof(
    { weight: 9, arbitrary: fc.constant(KEYS.apiKey) },
    { weight: 1, arbitrary: fc.string() },
  ),
  passes: fc.integer({ min: 0, max: 3000 }),
})

const toRequest = (one: Drawn, time: number): VenueRequest => {
  const text = `${one.query}&timestamp=${time}`
  const query = one.isSigned
    ? `${text}&signature=${sign(KEYS.secret, text + (one.target.method === 'GET' ? '' : one.body))}`
    : one.query
  return {
    ...one.target,
    query,
    body: one.body,
    headers: { 'x-mbx-apikey': one.key, 'content-type': one.contentType },
    remote: 'fuzz',
  }
}

/** `{code, msg}` of the venue, or `{error}` of the control interface; nothing else in it. */
const isRefusal = (json: Record<string, unknown>): boolean => {
  const names = Object.keys(json).join(' ')
  return names === 'code msg'
    ? typeof json['code'] === 'number' && typeof json['msg'] === 'string'
    : names === 'error' && typeof json['error'] === 'string'
}

describe('any request', () => {
  it('has an answer in JSON, never 5xx, and money stays what it was', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 40 }), (requests) => {
        const { venue } = stillVenue()
        for (const one of requests) {
          venue.advanceTo(venue.time + one.passes)
          const delivery = venue.request(toRequest(one, venue.time))
          expect(delivery.kind).toBe('answer')
          if (delivery.kind !== 'answer') return
          const { status, body } = delivery.response
          expect(status).toBeLessThan(500)
          const json = JSON.parse(body) as Record<string, unknown>
          expect(body).not.toMatch(/NaN|Infinity|undefined|secret-of-main/)
          expect(status === 200 || isRefusal(json)).toBe(true)
        }
        expect(venue.exchange.money().balanced).toBe(true)
      }),
      { numRuns: 150 },
    )
  }, 300_000)

  it('has the same answer when everything is the same', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 20 }), (requests) => {
        const [one, other] = [stillVenue().venue, stillVenue().venue]
        for (const request of requests) {
          const time = one.time + request.passes
          one.advanceTo(time)
          other.advanceTo(time)
          expect(one.request(toRequest(request, time))).toEqual(
            other.request(toRequest(request, time)),
          )
        }
      }),
      { numRuns: 30 },
    )
  }, 300_000)
})
