import { describe, expect, it } from '@jest/globals'
import { print, START, stillVenue } from '../../venue/testing/still-market.ts'
import type { Values } from '../../venue/testing/venue-client.ts'
import type { Json } from '../testing/sample-orders.ts'

const SYMBOL = { symbol: 'BTCUSDT' }
const HOUR = 3_600_000
const MINUTE = 60_000

/** A print every ten minutes for three days. */
const threeDays = () => {
  const { venue, client } = stillVenue()
  for (let i = 1; i <= 3 * 24 * 6; i++) {
    venue.advanceTo(START + i * 10 * MINUTE)
    print(venue, 60_000 + (i % 7))
  }
  const now = venue.time
  // An aggregate is known when its 100 ms are over.
  venue.advanceTo(now + 100)
  const ask = (path: string, values: Values = SYMBOL) => client.plain('GET', path, values).json
  return { now, ask }
}

describe('aggregate trades', () => {
  const { now, ask } = threeDays()
  const path = '/fapi/v1/aggTrades'
  const agg = (values: Values = {}) =>
    ask(path, { ...SYMBOL, ...values }) as { a: number; T: number }[]

  it('are of the last 48 hours', () => {
    const rows = agg({ limit: 1000 })
    expect(rows[0]!.T).toBe(now - 48 * HOUR + 10 * MINUTE)
    expect(rows).toHaveLength(48 * 6)
  })

  it('have the fields of the stream', () => {
    expect(agg({ limit: 1 })[0]).toEqual({
      a: expect.any(Number),
      p: expect.any(String),
      q: '0.010',
      nq: '0.010',
      f: expect.any(Number),
      l: expect.any(Number),
      T: now,
      m: false,
    })
  })

  it('follow each other by id', () => {
    const [first] = agg({ limit: 100 })
    const page = agg({ fromId: first!.a, limit: 100 })
    expect(page.map(({ a }) => a - first!.a)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  it.each([
    [{ startTime: now - HOUR, endTime: now - 1 }, 6],
    [{ startTime: now - HOUR, limit: 3 }, 3],
    [{ startTime: now - HOUR }, 7],
    [{ startTime: now + 1 }, 0],
    [{ endTime: now - HOUR }, 7],
  ])('between times: %j', (values, count) => {
    const rows = agg(values)
    expect(rows).toHaveLength(count)
    const { startTime = 0, endTime = Infinity } = values as { startTime?: number; endTime?: number }
    expect(rows.every(({ T }) => T >= startTime && T <= endTime)).toBe(true)
  })

  it.each<readonly [Values, number]>([
    [{ startTime: now - HOUR, endTime: now }, -1128],
    [{ fromId: 1, startTime: now }, -1128],
    [{ startTime: 2, endTime: 1 }, -1023],
    [{ limit: 1001 }, -1130],
    [{ fromId: -1 }, -1130],
    [{ fromId: 'x' }, -1102],
  ])('are refused: %j', (values, code) => {
    expect(ask(path, { ...SYMBOL, ...values })).toMatchObject({ code })
  })
})

describe('candles', () => {
  const { now, ask } = threeDays()
  const path = '/fapi/v1/klines'
  const candles = (values: Values) => ask(path, { ...SYMBOL, ...values }) as (string | number)[][]

  it('have twelve fields: numbers for times and counts, text for the rest', () => {
    const [candle] = candles({ interval: '1h', limit: 1, endTime: now - HOUR })
    expect(candle!.map((field) => typeof field)).toEqual([
      'number',
      'string',
      'string',
      'string',
      'string',
      'string',
      'number',
      'string',
      'number',
      'string',
      'string',
      'string',
    ])
    expect([0, 5, 6, 8].map((i) => candle![i])).toEqual([now - HOUR, '0.060', now - 1, 6])
    const [open, high, low, close] = candle!.slice(1, 5).map(Number)
    expect(low).toBeLessThanOrEqual(Math.min(open!, close!))
    expect(high).toBeGreaterThanOrEqual(Math.max(open!, close!))
  })

  it('are the latest, five hundred, the open one last', () => {
    const rows = candles({ interval: '5m' })
    expect(rows).toHaveLength(500)
    expect(rows.at(-1)![0]).toBe(now)
    const gaps = rows.slice(1).map((row, i) => Number(row[0]) - Number(rows[i]![0]))
    expect(new Set(gaps)).toEqual(new Set([5 * MINUTE]))
  })

  it('are the first ones from a time on', () => {
    const rows = candles({ interval: '1h', startTime: START + 1, limit: 2 })
    expect(rows.map(([time]) => time)).toEqual([
      START - (START % HOUR) + HOUR,
      START - (START % HOUR) + 2 * HOUR,
    ])
  })

  it('are the same by pair and contract type', () => {
    expect(
      ask('/fapi/v1/continuousKlines', {
        pair: 'BTCUSDT',
        contractType: 'PERPETUAL',
        interval: '1h',
      }),
    ).toEqual(candles({ interval: '1h' }))
    expect(
      ask('/fapi/v1/continuousKlines', {
        pair: 'BTCUSDT',
        contractType: 'CURRENT_QUARTER',
        interval: '1h',
      }),
    ).toMatchObject({ code: -4144 })
  })

  it.each<readonly [Values, number]>([
    [{}, -1102],
    [{ interval: '7m' }, -1120],
    [{ interval: '1H' }, -1120],
    [{ interval: '1m', limit: 1501 }, -1130],
    [{ interval: '1m', symbol: 'btcusdt' }, -1121],
    [{ interval: '1m', startTime: 2, endTime: 1 }, -1023],
  ])('are refused: %j', (values, code) => {
    expect(ask(path, { ...SYMBOL, ...values })).toMatchObject({ code })
  })
})

describe('the market of now', () => {
  const { client } = stillVenue()
  const ask = (path: string, values: Values = {}) => client.plain('GET', path, values).json

  it('is the book, best first', () => {
    expect(ask('/fapi/v1/depth', { ...SYMBOL, limit: 5 })).toEqual({
      lastUpdateId: expect.any(Number),
      E: START,
      T: START,
      bids: [9, 8, 7, 6, 5].map((tenths) => [`59999.${tenths}0`, '1.000']),
      asks: [1, 2, 3, 4, 5].map((tenths) => [`60000.${tenths}0`, '1.000']),
    })
  })

  it.each<readonly [Values, number]>([
    [{ limit: 7 }, -4021],
    [{ limit: 1001 }, -1130],
    [{ limit: 0 }, -1130],
    [{ limit: 'all' }, -1102],
  ])('has its depths: %j', (values, code) => {
    expect(ask('/fapi/v1/depth', { ...SYMBOL, ...values })).toMatchObject({ code })
  })

  it.each<readonly [string, Json]>([
    [
      '/fapi/v1/premiumIndex',
      {
        markPrice: '60000.00000000',
        indexPrice: '60000.00000000',
        lastFundingRate: '0.00010000',
        nextFundingTime: START + 28_800_000,
        time: START,
      },
    ],
    [
      '/fapi/v1/ticker/bookTicker',
      { bidPrice: '59999.90', bidQty: '1.000', askPrice: '60000.10', askQty: '1.000', time: START },
    ],
    ['/fapi/v2/ticker/price', { price: '60000.00', time: START }],
    [
      '/fapi/v1/ticker/24hr',
      { lastPrice: '60000.00', openPrice: '60000.00', volume: '0.010', count: 1 },
    ],
  ])('%s: of one, of all, of none', (path, fields) => {
    const row = { symbol: 'BTCUSDT', ...fields }
    expect(ask(path, SYMBOL)).toMatchObject(row)
    expect(ask(path)).toMatchObject([row])
    expect(ask(path, { symbol: 'X' })).toEqual({ code: -1121, msg: 'Invalid symbol.' })
  })

  it('is what can be traded, with all its filters', () => {
    const { symbols, rateLimits } = ask('/fapi/v1/exchangeInfo') as {
      symbols: Json[]
      rateLimits: Json[]
    }
    expect(rateLimits.map((limit) => [limit['rateLimitType'], limit['limit']])).toEqual([
      ['REQUEST_WEIGHT', 2400],
      ['ORDERS', 1200],
      ['ORDERS', 300],
    ])
    expect(symbols[0]).toMatchObject({
      symbol: 'BTCUSDT',
      contractType: 'PERPETUAL',
      deliveryDate: 4_133_404_800_000,
      status: 'TRADING',
      marginAsset: 'USDT',
      pricePrecision: 2,
      quantityPrecision: 3,
    })
    const filters = symbols[0]!['filters'] as Json[]
    expect(filters.map(({ filterType }) => filterType)).toEqual([
      'PRICE_FILTER',
      'LOT_SIZE',
      'MARKET_LOT_SIZE',
      'MAX_NUM_ORDERS',
      'MIN_NOTIONAL',
      'PERCENT_PRICE',
      'POSITION_RISK_CONTROL',
    ])
    expect(filters[0]).toMatchObject({ tickSize: '0.10', minPrice: '0.10' })
    expect(filters[4]).toEqual({ filterType: 'MIN_NOTIONAL', notional: '100' })
  })

  it('was funded, and how', () => {
    const { venue, client: other } = stillVenue()
    venue.advanceTo(START + 2 * 28_800_000)
    const rates = (values: Values) =>
      (other.plain('GET', '/fapi/v1/fundingRate', values).json as { fundingTime: number }[]).map(
        ({ fundingTime }) => (fundingTime - START) / 28_800_000,
      )
    expect(rates({})).toEqual([1, 2])
    expect(rates({ ...SYMBOL, limit: 1 })).toEqual([2])
    expect(rates({ ...SYMBOL, startTime: START, limit: 1 })).toEqual([1])
    expect(rates({ ...SYMBOL, endTime: START })).toEqual([])
    expect(other.plain('GET', '/fapi/v1/fundingInfo').json).toMatchObject([
      { symbol: 'BTCUSDT', fundingIntervalHours: 8 },
    ])
  })

  it('shares what may be asked about funding', () => {
    const { client: other } = stillVenue()
    const statuses = Array.from(
      { length: 501 },
      (_, i) =>
        other.plain('GET', i % 2 === 0 ? '/fapi/v1/fundingRate' : '/fapi/v1/fundingInfo').status,
    )
    expect(statuses.slice(0, 500).every((status) => status === 200)).toBe(true)
    expect(statuses[500]).toBe(429)
  })
})
