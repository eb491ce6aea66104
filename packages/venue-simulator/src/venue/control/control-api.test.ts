import { describe, expect, it } from '@jest/globals'
import { KEYS, START, stillVenue } from '../testing/still-market.ts'
import { VenueClient } from '../testing/venue-client.ts'
import type { SimulatedVenue } from '../simulated-venue.ts'
import { CONTROL_PATHS } from './control-api.ts'

type Json = Record<string, unknown>

const ask = (
  venue: SimulatedVenue,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): { status: number; json: Json } => {
  const { status, body: text } = venue.control({
    method,
    path: `/sim/v1${path}`,
    query: '',
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
    remote: 'operator',
  })
  return { status, json: JSON.parse(text) as Json }
}

const buy = (client: VenueClient, quantity = '0.1') =>
  client.signed('POST', '/fapi/v1/order', {
    symbol: 'BTCUSDT',
    side: 'BUY',
    type: 'MARKET',
    quantity,
  })

const listen = (venue: SimulatedVenue, listenKey: string) => {
  const frames: Json[] = []
  const ends: string[] = []
  venue.connect('/private/ws', `listenKey=${listenKey}`, {
    send: (text) => frames.push(JSON.parse(text) as Json),
    ping: () => undefined,
    pong: () => undefined,
    close: (code) => ends.push(`close ${code}`),
    terminate: () => ends.push('terminate'),
  })
  return { frames, ends }
}

describe('the control interface', () => {
  it.each<readonly [string, string, unknown, number, string]>([
    ['GET', '/nothing', undefined, 404, 'known are'],
    ['PATCH', '/state', undefined, 404, 'known are'],
    ['POST', '/accounts', '{', 400, 'not JSON'],
    ['POST', '/accounts', {}, 400, 'api_key: '],
    [
      'POST',
      '/accounts',
      { account: 'a b', api_key: 'k', secret: 's', balance: '1' },
      400,
      'account: expected',
    ],
    [
      'POST',
      '/accounts',
      { account: 'b', api_key: 'k', secret: 's', balance: 1 },
      400,
      'balance: ',
    ],
    [
      'POST',
      '/accounts',
      { account: 'b', api_key: 'k', secret: 's', balance: '-1' },
      400,
      'balance: ',
    ],
    [
      'POST',
      '/accounts',
      { account: 'b', api_key: 'ä', secret: 's', balance: '1' },
      400,
      'API key of b',
    ],
    [
      'POST',
      '/accounts',
      { account: 'main', api_key: 'k', secret: 's', balance: '1' },
      400,
      'exists already',
    ],
    [
      'POST',
      '/accounts',
      { account: 'b', api_key: KEYS.apiKey, secret: 's', balance: '1' },
      400,
      'in use',
    ],
    [
      'POST',
      '/accounts',
      { account: 'b', api_key: 'k', secret: 's', balance: '1', x: 1 },
      400,
      'x',
    ],
    ['POST', '/accounts/none/deposit', { amount: '1' }, 404, 'account none: does not exist'],
    ['POST', '/accounts/main/deposit', { amount: '1e3' }, 400, 'amount: '],
    ['POST', '/accounts/main/withdraw', { amount: '100001' }, 409, 'BALANCE_INSUFFICIENT'],
    ['POST', '/accounts/main/expire-listen-key', {}, 404, 'no listen key'],
    [
      'POST',
      '/accounts/main/resolve-trigger',
      { client_algo_id: 'x', outcome: 'trigger' },
      409,
      'CONDITIONAL_UNKNOWN',
    ],
    [
      'POST',
      '/market/print',
      { symbol: 'X1', price: '1', quantity: '1' },
      404,
      'symbol X1: is not listed',
    ],
    [
      'POST',
      '/market/print',
      { symbol: 'BTCUSDT', price: '60000.05', quantity: '1' },
      400,
      'price: 60000.05',
    ],
    [
      'POST',
      '/market/book',
      { symbol: 'BTCUSDT', bids: [['60001', '1']], asks: [['60001', '1']] },
      400,
      'bids: ',
    ],
    ['POST', '/market/mark', { symbol: 'BTCUSDT', mark_price: 'high' }, 400, 'mark_price: '],
    ['POST', '/clock', { speed: 0 }, 400, 'speed: '],
    ['POST', '/clock', { advance_ms: 1, advance_to: 1 }, 400, 'advance_to: '],
    ['POST', '/clock', { speed: 2, advance_to: START + 86_400_001 }, 400, 'advance_to: '],
    ['POST', '/clock', { advance_ms: 86_400_001 }, 400, 'advance_ms: '],
    ['POST', '/faults', { fault: { kind: 'none' }, when: { kind: 'once' } }, 400, 'fault.kind'],
    ['PUT', '/faults', { preset: 'none' }, 400, 'preset'],
    ['DELETE', '/faults/9', undefined, 404, 'fault 9: does not stand'],
    ['DELETE', '/faults/x', undefined, 404, 'fault x: does not stand'],
    [
      'POST',
      '/moves',
      { kind: 'reset', accepted: 'never' },
      400,
      'kind: reset does not happen by itself',
    ],
    ['POST', '/moves', { kind: 'liquidation', account: 7 }, 400, 'account'],
    ['POST', '/streams/cut', { how: 'gently' }, 400, 'how: '],
  ])('%s %s %j: %i %s', (method, path, body, status, words) => {
    const { venue } = stillVenue()
    const before = ask(venue, 'GET', '/state').json
    const answer = ask(venue, method, path, body)
    expect(answer).toEqual({ status, json: { error: expect.stringContaining(words) } })
    expect(ask(venue, 'GET', '/state').json).toEqual(before)
  })

  it.each([
    ['text/plain'],
    ['text/plain; charset=json'],
    ['application/x-www-form-urlencoded;a=application/json'],
    ['application/jsonp'],
    [''],
  ])('takes nothing from a web page: content of type %j', (type) => {
    const { venue } = stillVenue()
    const headers = { 'content-type': type }
    expect(ask(venue, 'POST', '/accounts/main/deposit', { amount: '1' }, headers).status).toBe(415)
  })

  it.each<[host: string, status: number]>([
    ['127.0.0.1:8088', 200],
    ['192.168.1.7', 200],
    ['[::1]:8088', 200],
    ['localhost:8088', 200],
    ['venue.localhost', 200],
    ['venue:8088', 200],
    ['pages.example:8088', 403],
    ['127.0.0.1.pages.example', 403],
    ['localhost.pages.example', 403],
    ['1.2.3.4.5', 403],
  ])(
    'asked under the name %s it answers %d: a page may point its own name here',
    (host, status) => {
      const { venue } = stillVenue()
      expect(ask(venue, 'GET', '/state', undefined, { host }).status).toBe(status)
    },
  )

  it('asked under any name it answers whoever has its token', () => {
    const { venue } = stillVenue({ controlToken: 'let me in' })
    const headers = { host: 'venue.example', authorization: 'Bearer let me in' }
    expect(ask(venue, 'GET', '/state', undefined, headers).status).toBe(200)
  })

  it('asks for its token where it has one', () => {
    const { venue } = stillVenue({ controlToken: 'let me in' })
    expect(ask(venue, 'GET', '/state').status).toBe(401)
    expect(
      ask(venue, 'GET', '/state', undefined, { authorization: 'Bearer let me on' }).status,
    ).toBe(401)
    expect(
      ask(venue, 'GET', '/state', undefined, { authorization: 'Bearer let me in' }).status,
    ).toBe(200)
  })

  it('is reached as every request is, and meets no limits', () => {
    const { venue, client } = stillVenue({ weightLimit: 1 })
    for (let i = 0; i < 200; i++) expect(client.plain('GET', '/sim/v1/state').status).toBe(200)
    expect(client.plain('GET', '/fapi/v1/ping').status).toBe(200)
    expect(venue.faults.injected()).toEqual({})
  })

  it('shows everything but secrets', () => {
    const { venue, client } = stillVenue()
    const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
    buy(client)
    const state = ask(venue, 'GET', '/state')
    expect(state.json).toMatchObject({
      time: START,
      shown_time: START,
      speed: 1,
      paused: false,
      symbols: [{ symbol: 'BTCUSDT', status: 'TRADING', bid: '59999.9', mark: '60000' }],
      accounts: [{ account: 'main', has_listen_key: true, positions: [{ quantity: '0.1' }] }],
      money: { balanced: true },
    })
    const text = JSON.stringify(state.json)
    for (const secret of [KEYS.apiKey, KEYS.secret, listenKey]) expect(text).not.toContain(secret)
  })

  it('names every path that the documentation has', () => {
    expect(CONTROL_PATHS).toHaveLength(new Set(CONTROL_PATHS).size)
  })
})

describe('by an operator’s hand', () => {
  it('accounts are opened, and money comes and goes', () => {
    const { venue } = stillVenue()
    const account = { account: 'b', api_key: 'kb', secret: 'sb', balance: '50' }
    expect(ask(venue, 'POST', '/accounts', account)).toEqual({
      status: 200,
      json: { account: 'b' },
    })
    const client = new VenueClient(venue, { apiKey: 'kb', secret: 'sb' })
    const wallet = () =>
      (client.signed('GET', '/fapi/v3/account').json as Json)['totalWalletBalance']
    expect(wallet()).toBe('50.00000000')
    expect(ask(venue, 'POST', '/accounts/b/deposit', { amount: '25.5' }).json).toEqual({
      account: 'b',
      wallet_balance: '75.5',
    })
    ask(venue, 'POST', '/accounts/b/withdraw', { amount: '70' })
    expect(wallet()).toBe('5.50000000')
    ask(venue, 'POST', '/accounts/b/keys', { api_key: 'kb2', secret: 's2', permissions: ['read'] })
    expect(
      new VenueClient(venue, { apiKey: 'kb2', secret: 's2' }).signed('GET', '/fapi/v3/account')
        .status,
    ).toBe(200)
  })

  it('prices are what they are told to be', () => {
    const { venue, client } = stillVenue()
    const asked = (path: string) => client.plain('GET', path, { symbol: 'BTCUSDT' }).json
    ask(venue, 'POST', '/market/book', {
      symbol: 'BTCUSDT',
      bids: [['61000', '2']],
      asks: [['61000.1', '3']],
    })
    expect(asked('/fapi/v1/ticker/bookTicker')).toMatchObject({
      bidPrice: '61000.00',
      bidQty: '2.000',
      askPrice: '61000.10',
      askQty: '3.000',
    })
    ask(venue, 'POST', '/market/mark', {
      symbol: 'BTCUSDT',
      mark_price: '61000.05',
      funding_rate: '-0.001',
    })
    expect(asked('/fapi/v1/premiumIndex')).toMatchObject({
      markPrice: '61000.05000000',
      lastFundingRate: '-0.00100000',
    })
    ask(venue, 'POST', '/market/print', { symbol: 'BTCUSDT', price: '61000.1', quantity: '0.5' })
    expect(asked('/fapi/v2/ticker/price')).toMatchObject({ price: '61000.10' })
  })

  it('the clock is set, paused and stepped', () => {
    const { venue } = stillVenue()
    expect(ask(venue, 'POST', '/clock', { speed: 10, paused: true }).json).toMatchObject({
      speed: 10,
      paused: true,
    })
    expect(venue.pace).toEqual({ speed: 10, isPaused: true, stepTo: null })
    ask(venue, 'POST', '/clock', { advance_ms: 1500 })
    expect(venue.time).toBe(START + 1500)
    ask(venue, 'POST', '/clock', { advance_to: START + 2000 })
    expect(venue.time).toBe(START + 2000)
  })

  it('faults come and go', () => {
    const { venue, client } = stillVenue()
    const fault = { fault: { kind: 'clock_offset', offset_ms: -60_000 }, when: { kind: 'always' } }
    const { id } = ask(venue, 'POST', '/faults', fault).json as { id: number }
    expect(client.plain('GET', '/fapi/v1/time').json).toEqual({ serverTime: START - 60_000 })
    expect(ask(venue, 'GET', '/faults').json).toMatchObject({
      standing: [{ id }],
      injected: { clock_offset: 1 },
    })
    ask(venue, 'DELETE', `/faults/${id}`)
    expect(client.plain('GET', '/fapi/v1/time').json).toEqual({ serverTime: START })
    const { standing } = ask(venue, 'PUT', '/faults', { preset: 'bad-day', seed: 3 }).json as {
      standing: unknown[]
    }
    expect(standing.length).toBeGreaterThan(3)
    expect(ask(venue, 'DELETE', '/faults').json).toMatchObject({ standing: [] })
  })

  it('positions are changed, and their owners are told', () => {
    const { venue, client } = stillVenue()
    const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
    const { frames } = listen(venue, listenKey)
    const foreign = {
      kind: 'foreign_order',
      account: 'main',
      symbol: 'BTCUSDT',
      side: 'BUY',
      quantity: '0.4',
    }
    expect(ask(venue, 'POST', '/moves', foreign).json).toEqual({ done: 1, refused: [] })
    expect(
      ask(venue, 'POST', '/moves', { kind: 'deleveraging', account: 'main', part: 0.5 }).json,
    ).toEqual({ done: 1, refused: [] })
    expect(
      ask(venue, 'POST', '/moves', { kind: 'funding', symbol: 'BTCUSDT', rate: '0.001' }).json,
    ).toEqual({ done: 1, refused: [] })
    expect(ask(venue, 'POST', '/moves', { kind: 'liquidation', account: 'main' }).json).toEqual({
      done: 1,
      refused: [],
    })
    expect(ask(venue, 'POST', '/moves', { ...foreign, quantity: '90000' }).json).toMatchObject({
      done: 0,
      refused: [{ refusal: expect.any(String) }],
    })
    const orders = frames.filter(({ e }) => e === 'ORDER_TRADE_UPDATE').map(({ o }) => o as Json)
    const ids = orders.map(({ c }) => String(c).replace(/[-_].*/, ''))
    expect([...new Set(ids)]).toEqual(['web', 'adl', 'autoclose'])
    expect(orders.some(({ x }) => x === 'CALCULATED')).toBe(true)
    expect(
      frames.filter(({ e }) => e === 'ACCOUNT_UPDATE').map(({ a }) => (a as Json)['m']),
    ).toContain('FUNDING_FEE')
    expect(client.signed('GET', '/fapi/v3/positionRisk').json).toEqual([])
    expect(venue.exchange.money().balanced).toBe(true)
  })

  it('a price jumps through what rests', () => {
    const { venue, client } = stillVenue()
    client.signed('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'SELL',
      type: 'LIMIT',
      quantity: '0.01',
      price: '60500',
      timeInForce: 'GTC',
      newClientOrderId: 'r',
    })
    const jump = { kind: 'price_jump', symbol: 'BTCUSDT', share: 0.02 }
    expect(ask(venue, 'POST', '/moves', jump).json).toEqual({ done: 1, refused: [] })
    expect(
      client.plain('GET', '/fapi/v1/ticker/bookTicker', { symbol: 'BTCUSDT' }).json,
    ).toMatchObject({ askPrice: '61200.10' })
    expect(
      client.signed('GET', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'r' }).json,
    ).toMatchObject({ status: 'FILLED', avgPrice: '60500.00000' })
  })

  it('a symbol stops trading', () => {
    const { venue, client } = stillVenue()
    const status = (name: string) =>
      ask(venue, 'POST', '/moves', { kind: 'symbol_status', symbol: 'BTCUSDT', status: name })
    status('PENDING_TRADING')
    expect(buy(client).json).toMatchObject({ code: -4140 })
    status('TRADING')
    expect(buy(client).status).toBe(200)
    status('SETTLING')
    expect(buy(client).json).toMatchObject({ code: -4141 })
    expect(client.signed('GET', '/fapi/v3/positionRisk').json).toEqual([])
  })

  it('listen keys and streams end', () => {
    const { venue, client } = stillVenue()
    const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
    const { frames, ends } = listen(venue, listenKey)
    ask(venue, 'POST', '/accounts/main/expire-listen-key', {})
    expect(frames).toEqual([{ e: 'listenKeyExpired', E: START, listenKey }])
    expect(client.plain('PUT', '/fapi/v1/listenKey').json).toMatchObject({ code: -1125 })
    expect(ends).toEqual([])
    expect(ask(venue, 'POST', '/streams/cut', {}).json).toEqual({ cut: 1 })
    expect(ends).toEqual(['terminate'])
    expect(ask(venue, 'GET', '/state').json['connections']).toBe(0)
  })

  it('a restricted account may only reduce', () => {
    const { venue, client } = stillVenue()
    buy(client)
    ask(venue, 'POST', '/accounts/main/restrict', { restricted: true })
    expect(buy(client).json).toMatchObject({ code: -4400 })
    const close = {
      symbol: 'BTCUSDT',
      side: 'SELL',
      type: 'MARKET',
      quantity: '0.1',
      reduceOnly: 'true',
    }
    expect(client.signed('POST', '/fapi/v1/order', close).status).toBe(200)
  })

  it('all orders go', () => {
    const { venue, client } = stillVenue()
    const rest = {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      quantity: '0.01',
      price: '59000',
      timeInForce: 'GTC',
    }
    client.signed('POST', '/fapi/v1/order', rest)
    expect(ask(venue, 'POST', '/accounts/main/cancel-orders', { symbol: 'BTCUSDT' }).json).toEqual({
      account: 'main',
      canceled: 1,
      conditionals_canceled: 0,
    })
  })
})

describe('a conditional order that is stuck', () => {
  it('goes on when it is let', () => {
    const { venue, client } = stillVenue()
    ask(venue, 'POST', '/faults', { fault: { kind: 'algo_stuck' }, when: { kind: 'always' } })
    buy(client)
    const stop = {
      algoType: 'CONDITIONAL',
      symbol: 'BTCUSDT',
      side: 'SELL',
      type: 'STOP_MARKET',
      quantity: '0.1',
      triggerPrice: '59000',
      clientAlgoId: 's',
    }
    client.signed('POST', '/fapi/v1/algoOrder', stop)
    ask(venue, 'POST', '/market/print', {
      symbol: 'BTCUSDT',
      price: '58999',
      quantity: '0.01',
      taker: 'SELL',
    })
    const status = () =>
      (client.signed('GET', '/fapi/v1/algoOrder', { clientAlgoId: 's' }).json as Json)['algoStatus']
    expect(status()).toBe('TRIGGERING')
    expect(
      ask(venue, 'POST', '/accounts/main/resolve-trigger', {
        client_algo_id: 's',
        outcome: 'trigger',
      }).status,
    ).toBe(200)
    expect(status()).toBe('FINISHED')
    expect(client.signed('GET', '/fapi/v3/positionRisk').json).toEqual([])
  })
})
