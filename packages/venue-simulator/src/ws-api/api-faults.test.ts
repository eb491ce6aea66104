import { beforeEach, describe, expect, it } from '@jest/globals'
import { parsePlannedFault, type PlannedFaultInput } from '../faults/index.ts'
import type { SimulatedVenue } from '../venue/simulated-venue.ts'
import { KEYS, START, stillVenue } from '../venue/testing/still-market.ts'
import { ApiClient, hmacSigner } from './api-client.fixture.ts'

type FaultInput = PlannedFaultInput['fault']
const symbol = 'BTCUSDT'
const LIMIT = {
  symbol,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: '59000',
}

let venue: SimulatedVenue
let api: ApiClient
beforeEach(() => {
  ;({ venue } = stillVenue())
  api = new ApiClient(venue, { apiKey: KEYS.apiKey, signer: hmacSigner(KEYS.secret) })
})
const fault = (of: FaultInput, on: PlannedFaultInput['on'] = { requests: ['orders'] }): number =>
  venue.faults.add(parsePlannedFault({ fault: of, when: { kind: 'always' }, on }, 'a fault'), START)
/** Places an order and tells whether it was done. */
const place = (): boolean => {
  api.say({ id: 7, method: 'order.place', params: api.signed(LIMIT) })
  return venue.exchange.openOrders('main').length === 1
}
/** What is answered while every other thing goes wrong. */
const tell = (): string => {
  const { venue: one } = stillVenue({ seed: 3 })
  for (const kind of ['latency', 'reset'] as const)
    one.faults.add(
      parsePlannedFault(
        {
          fault:
            kind === 'latency'
              ? { kind, low_ms: 0, high_ms: 900 }
              : { kind: 'execution_unknown', accepted: 'seeded' },
          when: { kind: 'probability', probability: 0.4 },
        },
        'a fault',
      ),
      START,
    )
  const client = new ApiClient(one, { apiKey: KEYS.apiKey, signer: hmacSigner(KEYS.secret) })
  for (let step = 0; step < 60; step++) {
    client.say({ id: step, method: 'order.place', params: client.signed(LIMIT) })
    one.advanceTo(one.time + 100)
  }
  one.advanceTo(one.time + 1000)
  return client.heard.join('\n')
}

/** What becomes of so many expensive requests. */
const many = (count: number): number[] =>
  Array.from({ length: count }, () => api.plain('depth', { symbol, limit: 1000 }).status)

describe('a fault of requests acts on the WebSocket API', () => {
  it.each<[string, FaultInput, number, number, boolean]>([
    ['503, unknown, done', { kind: 'execution_unknown', accepted: 'always' }, 503, 0, true],
    ['503, unknown, not done', { kind: 'execution_unknown', accepted: 'never' }, 503, 0, false],
    ['503, unavailable', { kind: 'service_unavailable' }, 503, 0, false],
    ['408', { kind: 'backend_timeout', accepted: 'always' }, 408, -1007, true],
    ['-1006', { kind: 'unknown_code', code: -1006, accepted: 'always' }, 400, -1006, true],
    ['429', { kind: 'rate_limited', retry_after_s: null }, 429, -1003, false],
    ['too many orders', { kind: 'order_rate_limited' }, 429, -1015, false],
    ['418', { kind: 'banned', for_ms: 1000 }, 418, -1003, false],
    ['overloaded', { kind: 'overloaded' }, 503, -1008, false],
    ['refused', { kind: 'refused', code: -2010 }, 400, -2010, false],
    ['no such key', { kind: 'key_refused' }, 401, -2015, false],
  ])('%s', (_, of, status, code, isDone) => {
    fault(of)
    expect(place()).toBe(isDone)
    expect(api.take()).toMatchObject([{ id: 7, status, error: { code } }])
    // Nobody else is struck but by a ban, and the connection lives.
    expect(api.plain('ping').status).toBe(of.kind === 'banned' ? 418 : 200)
  })

  it.each<[string, FaultInput, boolean, string[]]>([
    ['an answer that is lost', { kind: 'answer_lost', as: 'timeout' }, true, []],
    ['no answer', { kind: 'timeout', accepted: 'never' }, false, []],
    [
      'a connection lost with its answer',
      { kind: 'answer_lost', as: 'reset' },
      true,
      ['terminate'],
    ],
    ['a connection lost', { kind: 'reset', accepted: 'never' }, false, ['terminate']],
  ])('%s', (_, of, isDone, signs) => {
    fault(of)
    expect(place()).toBe(isDone)
    expect(api.heard).toEqual([])
    expect(api.signs).toEqual(signs)
    expect(venue.connections).toBe(1 - signs.length)
  })

  it.each<[string, FaultInput, string]>([
    ['nothing', { kind: 'empty_answer', accepted: 'always' }, ''],
    ['a page', { kind: 'html_answer', status: 502, accepted: 'always' }, '<!DOCTYPE html>'],
    ['half an answer', { kind: 'truncated_answer' }, '{"id":7,"status":200,"result":{"orderId"'],
  ])('%s instead of an answer', (_, of, start) => {
    fault(of)
    expect(place()).toBe(true)
    expect(api.heard).toHaveLength(1)
    expect(api.heard[0]!.startsWith(start)).toBe(true)
    expect(() => JSON.parse(api.heard[0]!) as unknown).toThrow(SyntaxError)
  })

  it('other fields than documented', () => {
    fault({ kind: 'altered_answer', alteration: 'numbers_as_strings' })
    expect(place()).toBe(true)
    const [answer] = api.take()
    expect(answer).toMatchObject({ id: 7, status: 200 })
    expect(typeof (answer!.result as { orderId: unknown }).orderId).toBe('string')
  })

  it('an answer that comes late, by the clock of the venue, after what was asked later', () => {
    fault({ kind: 'latency', low_ms: 250, high_ms: 250 })
    expect(place()).toBe(true)
    expect(api.plain('time')).toMatchObject({ result: { serverTime: START } })
    venue.advanceTo(START + 249)
    expect(api.heard).toEqual([])
    venue.advanceTo(START + 10_000)
    expect(api.take()).toMatchObject([{ id: 7, status: 200 }])
  })

  it('a late answer that finds nobody is gone', () => {
    fault({ kind: 'latency', low_ms: 250, high_ms: 250 })
    place()
    api.connection.closed()
    venue.advanceTo(START + 10_000)
    expect(api.heard).toEqual([])
  })

  it('a weight that others used is told', () => {
    fault({ kind: 'weight_jumps', to: 2399 }, {})
    expect(api.plain('ping').rateLimits).toMatchObject([{ count: 2399 }])
  })

  it('a clock that is wrong is wrong here, too', () => {
    fault({ kind: 'clock_offset', offset_ms: 240_000 }, {})
    expect(api.plain('time').result).toEqual({ serverTime: START + 240_000 })
    const params = api.signed({ ...LIMIT, timestamp: START })
    expect(api.plain('order.place', params)).toMatchObject({ error: { code: -1021 } })
  })

  it('by what is asked, not by how', () => {
    fault({ kind: 'service_unavailable' }, { requests: ['cancels'], symbols: ['ETHUSDT'] })
    const ask = (asked: string) => api.ask('order.cancel', { symbol: asked, orderId: 1 }).status
    expect([ask('BTCUSDT'), ask('ETHUSDT')]).toEqual([400, 503])
    fault({ kind: 'service_unavailable' }, { paths: ['/fapi/v3/account'] })
    expect(api.ask('account.status').status).toBe(200)
    expect(api.ask('v2/account.status').status).toBe(503)
    fault({ kind: 'service_unavailable' }, { paths: ['/ws-fapi/v1/session.status'] })
    expect(api.plain('session.status').status).toBe(503)
  })

  it('and the same plan gives the same answers', () => {
    const story = tell()
    expect(story.split('\n')).toHaveLength(60)
    expect(tell()).toBe(story)
  })
})

describe('a fault of connections acts on the WebSocket API', () => {
  const routes: ['ws-fapi'] = ['ws-fapi']

  it('that go silent: what is asked is done, and nobody hears of it', () => {
    fault({ kind: 'stream_silent', routes }, {})
    expect(place()).toBe(true)
    venue.advanceTo(START + 5 * 60_000)
    api.connection.ping()
    expect([api.heard, api.signs]).toEqual([[], []])
    expect(venue.connections).toBe(1)
  })

  it.each<[string, FaultInput, string]>([
    ['closed', { kind: 'stream_closed', routes }, 'close 1001 going away'],
    ['cut', { kind: 'stream_terminated', routes }, 'terminate'],
    ['down', { kind: 'stream_down', routes }, 'terminate'],
    [
      'at the end of their life',
      { kind: 'stream_life_ends', routes, life_ms: 1 },
      'close 1001 connection is at its end of life',
    ],
  ])('that are %s: nothing arrives any more', (_, of, sign) => {
    venue.advanceTo(START + 1)
    fault(of, {})
    expect(place()).toBe(false)
    expect([api.heard, api.signs]).toEqual([[], [sign]])
  })

  it('that are idle, within a second', () => {
    fault({ kind: 'stream_terminated', routes }, {})
    venue.advanceTo(START + 1000)
    expect(api.signs).toEqual(['terminate'])
  })

  it('while a request is under way: it is done, its answer lost', () => {
    fault({ kind: 'latency', low_ms: 500, high_ms: 500 })
    expect(place()).toBe(true)
    fault({ kind: 'stream_terminated', routes }, {})
    venue.advanceTo(START + 500)
    expect([api.heard, api.signs]).toEqual([[], ['terminate']])
  })

  it('turns new ones away, and leaves streams alone', () => {
    fault({ kind: 'stream_down', routes }, {})
    expect(venue.refusesConnection('/ws-fapi/v1', '')).toBe(503)
    expect(venue.refusesConnection('/public/ws', '')).toBeNull()
  })

  it('of streams leaves it alone', () => {
    fault({ kind: 'stream_terminated', routes: ['public', 'market', 'private'] }, {})
    fault({ kind: 'outage', part: 'streams' }, {})
    expect(place()).toBe(true)
    expect(api.take()).toMatchObject([{ status: 200 }])
  })
})

describe('limits are those of REST', () => {
  it('turns away who asks too much, bans who goes on, and REST with it', () => {
    expect(new Set(many(120))).toEqual(new Set([200]))
    expect(api.plain('ping')).toMatchObject({ status: 429, error: { code: -1003 } })
    expect(many(100).at(-1)).toBe(418)
    const answer = venue.request({
      method: 'GET',
      path: '/fapi/v1/ping',
      query: '',
      body: '',
      headers: {},
      remote: '10.0.0.1',
    })
    expect(answer).toMatchObject({ response: { status: 418 } })
    expect(venue.refusesConnection('/ws-fapi/v1', '', '10.0.0.1')).toBe(418)
    expect(venue.refusesConnection('/ws-fapi/v1', '', '10.0.0.2')).toBeNull()
  })

  it('counts a handshake, and frames that cannot be read', () => {
    const other = new ApiClient(venue, { apiKey: 'x', signer: () => '', remote: '10.0.0.9' })
    expect(venue.refusesConnection('/ws-fapi/v1', '', '10.0.0.9')).toBeNull()
    other.say('{')
    expect(other.take()).toMatchObject([{ id: null, status: 400, rateLimits: [{ count: 6 }] }])
    expect(other.plain('ping').rateLimits).toMatchObject([{ count: 7 }])
  })

  it('counts orders of an account, over whatever they come', () => {
    ;({ venue } = stillVenue({ orderLimits: { perTenSeconds: 2, perMinute: 100 } }))
    api = new ApiClient(venue, { apiKey: KEYS.apiKey, signer: hmacSigner(KEYS.secret) })
    const statuses = [1, 2, 3].map(() => api.ask('order.place', LIMIT).status)
    expect(statuses).toEqual([200, 200, 429])
  })

  it.each<[string, string, object, boolean]>([
    ['are told', '', {}, true],
    ['are not told when a request says so', '', { returnRateLimits: false }, false],
    ['are not told when the connection says so', 'returnRateLimits=false', {}, false],
    ['unless a request wants them', 'returnRateLimits=false', { returnRateLimits: true }, true],
    ['are told when the connection says nothing clear', 'returnRateLimits=', {}, true],
  ])('%s', (_, query, params, isTold) => {
    const one = new ApiClient(venue, { apiKey: 'x', signer: () => '', query })
    expect('rateLimits' in one.plain('ping', { ...params })).toBe(isTold)
  })
})

describe('a connection of the WebSocket API', () => {
  const MINUTE = 60_000

  it('is pinged, and closed when nobody answers', () => {
    venue.advanceTo(START + 3 * MINUTE)
    expect(api.signs).toEqual(['ping'])
    api.connection.pong()
    venue.advanceTo(START + 15 * MINUTE)
    expect(api.signs.at(-1)).toBe('ping')
    venue.advanceTo(START + 30 * MINUTE)
    expect(api.signs.at(-1)).toBe('close 1008 no pong')
    expect(venue.connections).toBe(0)
  })

  it('is closed after a day', () => {
    for (let minute = 1; minute <= 24 * 60; minute++) {
      venue.advanceTo(START + minute * MINUTE)
      api.connection.pong()
    }
    expect(api.signs.at(-1)).toBe('close 1001 connection is 24 hours old')
  })

  it('is closed for pinging more than five times in a second, requests not counted', () => {
    for (let index = 0; index < 50; index++) api.plain('ping')
    for (let index = 0; index < 5; index++) api.connection.ping()
    expect(api.signs).toEqual(Array.from({ length: 5 }, () => 'pong'))
    api.connection.ping()
    expect(api.signs.at(-1)).toBe('close 1008 too many pings')
    api.say({ id: 1, method: 'ping' })
    expect(api.heard).toEqual([])
  })

  it('is cut with all others', () => {
    expect(venue.cutStreams('terminate')).toBe(1)
    expect(api.signs).toEqual(['terminate'])
  })
})
