import { describe, expect, it } from '@jest/globals'
import { testInstrument } from '@tapedeck/test-data'
import fc from 'fast-check'
import { checkFaultPlan } from '../faults/index.ts'
import { GeneratedSource } from '../market/index.ts'
import { SimulatedVenue } from './simulated-venue.ts'
import { KEYS, START, STILL_INSTRUMENTS, print, stillVenue } from './testing/still-market.ts'
import { VenueClient } from './testing/venue-client.ts'

type Json = Record<string, unknown>

const ETH = testInstrument({
  symbol: 'ETHUSDT',
  tick_size: '0.01',
  min_notional: '20',
  max_leverage: 100,
})

const generated = (seed: number) => {
  const source = new GeneratedSource({
    symbols: [{ instrument: ETH, startPrice: '3000' }],
    seed,
    startTime: START,
  })
  const venue = new SimulatedVenue({ source, seed })
  venue.addAccount({ account: 'main', ...KEYS, balance: '100000' })
  return { venue, client: new VenueClient(venue, KEYS) }
}

/** Everything that a connection hears, as text with its time. */
const hear = (venue: SimulatedVenue, path: string, query: string): string[] => {
  const heard: string[] = []
  venue.connect(path, query, {
    send: (text) => heard.push(text),
    ping: () => undefined,
    pong: () => undefined,
    close: (code) => heard.push(`close ${code}`),
    terminate: () => heard.push('terminate'),
  })
  return heard
}

const trades = (one: VenueClient): unknown =>
  one.signed('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' }).json

/** A session of ten seconds: orders at fixed times, the clock moved in steps of one's own. */
const session = (seed: number, steps: readonly number[]): readonly string[] => {
  const { venue, client } = generated(seed)
  const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
  const user = hear(venue, '/private/ws', `listenKey=${listenKey}`)
  const market = hear(
    venue,
    '/market/stream',
    'streams=ethusdt@aggTrade/ethusdt@markPrice@1s/ethusdt@kline_1m',
  )
  const book = hear(venue, '/public/ws/ethusdt@depth@100ms', '')
  const answers: string[] = []
  for (let at = 1; at <= 10; at++) {
    const end = START + at * 1000
    for (const step of steps) venue.advanceTo(Math.min(end, venue.time + step))
    venue.advanceTo(end)
    const side = at % 3 === 0 ? 'SELL' : 'BUY'
    const order = {
      symbol: 'ETHUSDT',
      side,
      type: 'MARKET',
      quantity: '2',
      newOrderRespType: 'RESULT',
    }
    answers.push(JSON.stringify(client.signed('POST', '/fapi/v1/order', order)))
  }
  answers.push(JSON.stringify(client.signed('GET', '/fapi/v3/account')))
  return [...user, ...market, ...book, ...answers]
}

const numbers = (values: readonly unknown[]): number[] => values.map(Number)

describe('a simulated venue', () => {
  it('says the same in the same session, however its clock is moved', () => {
    const expected = session(7, [])
    expect(expected.length).toBeGreaterThan(100)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 8 }), (steps) => {
        expect(session(7, steps)).toEqual(expected)
      }),
      { numRuns: 10, examples: [[[167, 83]], [[250]], [[1, 99, 150]]] },
    )
    expect(session(8, [])).not.toEqual(expected)
  })

  it('shows in a stream what was there at its time, and nothing of what happens then', () => {
    const { venue, client } = stillVenue()
    const heard = hear(venue, '/public/ws/btcusdt@depth5@100ms', '')
    const inside = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' }
    client.signed('POST', '/fapi/v1/order', { ...inside, quantity: '0.01', price: '60000' })
    const countdown = { symbol: 'BTCUSDT', countdownTime: 100 }
    client.signed('POST', '/fapi/v1/countdownCancelAll', countdown)
    venue.advanceTo(START + 1000)
    const best = heard.map((text) => JSON.parse(text) as { E: number; b: string[][] })
    expect(best.map(({ E, b }) => [E - START, b[0]![0]])).toEqual([
      [100, '60000.00'],
      [200, '59999.90'],
    ])
  })

  it('tells the stream of a market order before its answer, in the order of cause and effect', () => {
    const { venue, client } = stillVenue()
    const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
    const heard = hear(venue, '/private/ws', `listenKey=${listenKey}`)
    client.signed('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '1.5',
    })
    const said = heard
      .map((text) => JSON.parse(text) as Json)
      .map(({ e, o }) => [e, (o as Json | undefined)?.['x']].filter(Boolean).join(' '))
    expect(said).toEqual([
      'ORDER_TRADE_UPDATE NEW',
      'TRADE_LITE',
      'ORDER_TRADE_UPDATE TRADE',
      'ACCOUNT_UPDATE',
      'TRADE_LITE',
      'ORDER_TRADE_UPDATE TRADE',
      'ACCOUNT_UPDATE',
    ])
  })

  it('has one number for a fill, in the stream and in userTrades', () => {
    const { venue, client } = stillVenue()
    const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
    const heard = hear(venue, '/private/ws', `listenKey=${listenKey}&events=ORDER_TRADE_UPDATE`)
    client.signed('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '1.5',
    })
    const told = heard
      .map((text) => (JSON.parse(text) as { o: Json }).o)
      .filter(({ x }) => x === 'TRADE')
    const asked = client.signed('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT' }).json as Json[]
    expect(told.map(({ t, L, l, n, i }) => numbers([t, L, l, n, i]))).toEqual(
      asked.map(({ id, price, qty, commission, orderId }) =>
        numbers([id, price, qty, commission, orderId]),
      ),
    )
  })

  it('matches clients with each other by price and time', () => {
    const { venue, client } = stillVenue()
    venue.addAccount({ account: 'maker', apiKey: 'k2', secret: 's2', balance: '100000' })
    const maker = new VenueClient(venue, { apiKey: 'k2', secret: 's2' })
    const inside = {
      symbol: 'BTCUSDT',
      side: 'SELL',
      type: 'LIMIT',
      quantity: '0.5',
      price: '60000',
      timeInForce: 'GTX',
    }
    expect(maker.signed('POST', '/fapi/v1/order', inside).status).toBe(200)
    client.signed('POST', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.5',
    })
    expect(trades(maker)).toMatchObject([
      { price: '60000.00', qty: '0.500', maker: true, buyer: false },
    ])
    expect(trades(client)).toMatchObject([
      { price: '60000.00', qty: '0.500', maker: false, buyer: true },
    ])
    expect(venue.exchange.money().balanced).toBe(true)
  })

  it('never turns its clock back', () => {
    const { venue } = stillVenue()
    venue.advanceTo(START + 1000)
    venue.advanceTo(START)
    print(venue, 60_001)
    expect(venue.time).toBe(START + 1000)
  })

  it('does what a fault plan has for its times, between its own events', () => {
    const plan = checkFaultPlan(
      {
        name: 'somebody else',
        faults: [
          {
            fault: { kind: 'foreign_order', symbol: 'ETHUSDT', side: 'BUY', quantity: '1' },
            when: { kind: 'at', times_ms: [1500] },
          },
        ],
      },
      'plan',
    )
    const source = new GeneratedSource({
      symbols: [{ instrument: ETH, startPrice: '3000' }],
      seed: 1,
      startTime: START,
    })
    const venue = new SimulatedVenue({ source, seed: 1, faultPlan: plan })
    venue.addAccount({ account: 'main', ...KEYS, balance: '1000' })
    venue.advanceTo(START + 60_000)
    expect(venue.exchange.tradesOf('main')[0]).toMatchObject({
      time: START + 1500,
      clientOrderId: expect.stringMatching(/^web_/),
    })
  })

  it.each<readonly [string, () => unknown, string]>([
    [
      'no market and no start',
      () => new SimulatedVenue({ instruments: STILL_INSTRUMENTS }),
      'startTime',
    ],
    ['no market and no instruments', () => new SimulatedVenue({ startTime: START }), 'instruments'],
    [
      'an account twice',
      () =>
        stillVenue().venue.addAccount({ account: 'main', apiKey: 'x', secret: 's', balance: '1' }),
      'exists already',
    ],
    ['a key twice', () => stillVenue().venue.addKey({ account: 'main', ...KEYS }), 'in use'],
    [
      'a key of nobody',
      () => stillVenue().venue.addKey({ account: 'nobody', apiKey: 'x', secret: 's' }),
      'does not exist',
    ],
    [
      'no secret',
      () => stillVenue().venue.addKey({ account: 'main', apiKey: 'x', secret: '' }),
      'secret',
    ],
    [
      'a balance of words',
      () =>
        stillVenue().venue.addAccount({ account: 'b', apiKey: 'x', secret: 's', balance: 'much' }),
      'balance',
    ],
  ])('refuses %s', (_, act, words) => {
    expect(act).toThrow(RangeError)
    expect(act).toThrow(words)
  })

  it('is unchanged by an account that it refused', () => {
    const { venue } = stillVenue()
    expect(() =>
      venue.addAccount({ account: 'b', apiKey: 'x', secret: 's', balance: '-1' }),
    ).toThrow(RangeError)
    expect(() =>
      venue.addAccount({ account: 'b', apiKey: 'x', secret: 's', balance: '1' }),
    ).not.toThrow()
  })
})
