import { describe, expect, it } from '@jest/globals'
import { KEYS, START, stillVenue } from '../venue/testing/still-market.ts'
import { VenueClient } from '../venue/testing/venue-client.ts'
import type { VenueRequest } from '../venue/venue-request.ts'
import { sign } from './sign.ts'

const answerOf = (
  venue: ReturnType<typeof stillVenue>['venue'],
  request: Partial<VenueRequest>,
) => {
  const delivery = venue.request({
    method: 'GET',
    path: '/fapi/v3/account',
    query: '',
    body: '',
    headers: {},
    remote: '10.0.0.9',
    ...request,
  })
  if (delivery.kind !== 'answer') throw new Error('expected an answer')
  return {
    ...delivery.response,
    json: JSON.parse(delivery.response.body) as { code: number; msg: string },
  }
}

const signedQuery = (text: string, secret = KEYS.secret): string =>
  `${text}&signature=${sign(secret, text)}`

const used = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
  Number(headers['x-mbx-used-weight-1m'])
describe('who may ask', () => {
  const key = { 'x-mbx-apikey': KEYS.apiKey }
  const now = `timestamp=${START}`

  // In the order in which the venue looks: each row is in order but for what it is about.
  it.each([
    ['no key', {}, '', 401, -2014, 'API-key format invalid.'],
    ['an ill-formed key', { 'x-mbx-apikey': 'ä' }, '', 401, -2014, 'API-key format invalid.'],
    ['no timestamp', key, signedQuery('a=1'), 400, -1102, "'timestamp'"],
    ['an empty timestamp', key, signedQuery('timestamp='), 400, -1102, "'timestamp'"],
    ['a timestamp of letters', key, signedQuery('timestamp=now'), 400, -1102, "'timestamp'"],
    ['a timestamp in exponents', key, signedQuery('timestamp=1.8e12'), 400, -1102, "'timestamp'"],
    ['no signature', key, now, 400, -1102, "'signature'"],
    ['a window of letters', key, signedQuery(`${now}&recvWindow=x`), 400, -1102, "'recvWindow'"],
    ['too long a window', key, signedQuery(`${now}&recvWindow=60001`), 400, -1130, "'recvWindow'"],
    [
      'too late',
      key,
      signedQuery(`timestamp=${START - 5001}`),
      400,
      -1021,
      'outside of the recvWindow',
    ],
    ['too early', key, signedQuery(`timestamp=${START + 1000}`), 400, -1021, '1000ms ahead'],
    [
      'an unknown key',
      { 'x-mbx-apikey': 'other' },
      signedQuery(now),
      401,
      -2015,
      'Invalid API-key',
    ],
    ['another secret', key, signedQuery(now, 'wrong'), 400, -1022, 'Signature for this request'],
    ['something added', key, `${signedQuery(now)}&a=1`, 400, -1022, 'Signature for this request'],
  ])('%s', (_, headers, query, status, code, words) => {
    const { venue } = stillVenue()
    const answer = answerOf(venue, { headers, query })
    expect([answer.status, answer.json.code]).toEqual([status, code])
    expect(answer.json.msg).toContain(words)
  })

  it.each([
    ['the last moment', `timestamp=${START - 5000}`],
    ['the first moment', `timestamp=${START + 999}`],
    ['a longer window', `timestamp=${START - 60_000}&recvWindow=60000`],
  ])('is in time: %s', (_, text) => {
    expect(answerOf(stillVenue().venue, { headers: key, query: signedQuery(text) }).status).toBe(
      200,
    )
  })

  it('is judged by the clock that the venue shows', () => {
    const { venue } = stillVenue()
    venue.advanceTo(START + 10_000)
    const late = answerOf(venue, { headers: key, query: signedQuery(now) })
    expect(late.json.code).toBe(-1021)
  })

  it('a key that may only read asks but does not trade', () => {
    const { venue } = stillVenue()
    venue.addKey({ account: 'main', apiKey: 'reader', secret: 's', permissions: ['read'] })
    const reader = new VenueClient(venue, { apiKey: 'reader', secret: 's' })
    expect(reader.signed('GET', '/fapi/v3/account').status).toBe(200)
    const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.01' }
    expect(reader.signed('POST', '/fapi/v1/order', order).json).toMatchObject({ code: -2015 })
    expect(
      reader.signed('POST', '/fapi/v1/leverage', { symbol: 'BTCUSDT', leverage: 5 }).json,
    ).toMatchObject({ code: -2015 })
    expect(venue.exchange.tradesOf('main')).toEqual([])
  })

  it('a key without permission may ask for nothing signed', () => {
    const { venue } = stillVenue()
    venue.addKey({ account: 'main', apiKey: 'none', secret: 's', permissions: [] })
    const none = new VenueClient(venue, { apiKey: 'none', secret: 's' })
    expect(none.signed('GET', '/fapi/v3/account').json).toMatchObject({ code: -2015 })
    expect(none.plain('POST', '/fapi/v1/listenKey').status).toBe(200)
  })

  it('keys do not reach into other accounts', () => {
    const { venue, client } = stillVenue()
    venue.addAccount({ account: 'second', apiKey: 'k2', secret: 's2', balance: '5' })
    const second = new VenueClient(venue, { apiKey: 'k2', secret: 's2' })
    const order = {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      quantity: '0.01',
      price: '50000',
      timeInForce: 'GTC',
      newClientOrderId: 'mine',
    }
    // Far below the mark: the price filter refuses it, so rest nearer.
    expect(client.signed('POST', '/fapi/v1/order', { ...order, price: '59000' }).status).toBe(200)
    expect(second.signed('GET', '/fapi/v1/openOrders').json).toEqual([])
    expect(
      second.signed('DELETE', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'mine' })
        .json,
    ).toMatchObject({ code: -2011 })
  })
})

describe('paths', () => {
  it.each([
    ['GET', '/fapi/v1/nothing'],
    ['PATCH', '/fapi/v1/order'],
    ['GET', '/fapi/v1/order/'],
    ['get', '/fapi/v1/time'],
    ['GET', '/'],
  ])('%s %s does not exist', (method, path) => {
    const answer = answerOf(stillVenue().venue, { method, path })
    expect(answer.status).toBe(404)
    expect(answer.json).toEqual({ code: -5000, msg: `Path ${path}, Method ${method} is invalid` })
  })

  it('need no key where anyone may ask', () => {
    const { venue } = stillVenue()
    expect(answerOf(venue, { path: '/fapi/v1/ping' }).body).toBe('{}')
    expect(answerOf(venue, { path: '/fapi/v1/time' }).json).toEqual({ serverTime: START })
  })

  it('need a key alone for listen keys and old trades', () => {
    const { venue } = stillVenue()
    const path = '/fapi/v1/historicalTrades'
    const query = 'symbol=BTCUSDT'
    expect(answerOf(venue, { path, query }).json.code).toBe(-2014)
    expect(answerOf(venue, { path, query, headers: { 'x-mbx-apikey': 'other' } }).json.code).toBe(
      -2015,
    )
    expect(answerOf(venue, { path, query, headers: { 'x-mbx-apikey': KEYS.apiKey } }).status).toBe(
      200,
    )
  })
})

describe('limits', () => {
  it.each([
    ['/fapi/v1/ping', '', 1],
    ['/fapi/v1/depth', 'symbol=BTCUSDT&limit=5', 2],
    ['/fapi/v1/depth', 'symbol=BTCUSDT&limit=100', 5],
    ['/fapi/v1/depth', 'symbol=BTCUSDT', 10],
    ['/fapi/v1/depth', 'symbol=BTCUSDT&limit=1000', 20],
    ['/fapi/v1/klines', 'symbol=BTCUSDT&interval=1m&limit=99', 1],
    ['/fapi/v1/klines', 'symbol=BTCUSDT&interval=1m&limit=100', 2],
    ['/fapi/v1/klines', 'symbol=BTCUSDT&interval=1m', 5],
    ['/fapi/v1/klines', 'symbol=BTCUSDT&interval=1m&limit=1500', 10],
    ['/fapi/v1/aggTrades', 'symbol=BTCUSDT', 20],
    ['/fapi/v1/ticker/24hr', '', 40],
    ['/fapi/v1/ticker/bookTicker', 'symbol=BTCUSDT', 2],
    ['/fapi/v1/nothing', '', 1],
  ])('%s?%s weighs %i... plus nothing', (path, query, weight) => {
    expect(used(answerOf(stillVenue().venue, { path, query }))).toBe(weight)
  })

  it('count by address and start anew with the minute', () => {
    const { venue } = stillVenue()
    answerOf(venue, { path: '/fapi/v1/ping' })
    expect(used(answerOf(venue, { path: '/fapi/v1/ping' }))).toBe(2)
    expect(used(answerOf(venue, { path: '/fapi/v1/ping', remote: 'other' }))).toBe(1)
    venue.advanceTo(START - (START % 60_000) + 60_000)
    expect(used(answerOf(venue, { path: '/fapi/v1/ping' }))).toBe(1)
  })

  it('answer 429 above the limit, and ban who goes on regardless', () => {
    const { venue } = stillVenue({ weightLimit: 50 })
    const ask = () => answerOf(venue, { path: '/fapi/v1/ping' })
    const statuses = Array.from({ length: 50 + 100 + 1 }, () => ask().status)
    expect(statuses.slice(0, 50).every((status) => status === 200)).toBe(true)
    expect(statuses.slice(50, 150).every((status) => status === 429)).toBe(true)
    expect(statuses[150]).toBe(418)
    const banned = ask()
    expect(banned.json.code).toBe(-1003)
    const until = Number(/banned until (\d+)/.exec(banned.json.msg)?.[1])
    expect(until).toBe(START + 120_000)
    expect(answerOf(venue, { path: '/fapi/v1/ping', remote: 'other' }).status).toBe(200)
    venue.advanceTo(until)
    expect(ask().status).toBe(200)
  })

  it('count orders by account: -1015, and nothing is placed', () => {
    const { venue, client } = stillVenue({ orderLimits: { perTenSeconds: 3, perMinute: 4 } })
    const place = (n: number) =>
      client.signed('POST', '/fapi/v1/order', {
        symbol: 'BTCUSDT',
        side: 'BUY',
        type: 'LIMIT',
        quantity: '0.01',
        price: '59000',
        timeInForce: 'GTC',
        newClientOrderId: `o${n}`,
      })
    const third = [place(1), place(2), place(3)][2]!
    expect(third.headers['x-mbx-order-count-10s']).toBe('3')
    expect(third.headers['x-mbx-order-count-1m']).toBe('3')
    const fourth = place(4)
    expect([fourth.status, fourth.json]).toEqual([
      429,
      { code: -1015, msg: 'Too many new orders; current limit is 3 orders per 10 SECOND.' },
    ])
    expect(venue.exchange.openOrders('main')).toHaveLength(3)
    venue.advanceTo(START + 10_000)
    expect(place(5).status).toBe(200)
    venue.advanceTo(START + 20_000)
    expect(place(6).json).toMatchObject({ code: -1015, msg: expect.stringContaining('MINUTE') })
  })
})
