import { describe, expect, it } from '@jest/globals'
import { SimulatedVenue } from '../../venue/simulated-venue.ts'
import { START, STILL_INSTRUMENTS, stillVenue } from '../../venue/testing/still-market.ts'
import { VenueClient, type Values } from '../../venue/testing/venue-client.ts'
import { MARKET, place } from '../testing/sample-orders.ts'

const MINUTE = 60_000
const FIVE = 5 * MINUTE
const OPENED = START - (START % MINUTE)

const mark = (venue: SimulatedVenue, price: number, index: number): void =>
  venue.applyMarket([
    {
      kind: 'mark',
      symbol: 'BTCUSDT',
      time: venue.time,
      markPrice: price,
      indexPrice: index,
      fundingRate: 0.0001,
      nextFundingTime: START + 28_800_000,
    },
  ])

/** Marks of four minutes, none in the third. */
const marked = () => {
  const { venue, client } = stillVenue()
  const at = (ms: number, price: number, index: number): void => {
    venue.advanceTo(START + ms)
    mark(venue, price, index)
  }
  at(10_000, 60_010, 59_000)
  at(20_000, 59_990, 59_001)
  at(70_000, 60_020.5, 59_002)
  at(190_000, 60_030, 59_003)
  const ask = (path: string, values: Values) => client.plain('GET', path, values).json
  return { venue, client, ask }
}

describe('candles of marks', () => {
  const { venue, ask } = marked()
  const candles = (values: Values = {}, path = '/fapi/v1/markPriceKlines') =>
    ask(path, {
      ...(path.includes('mark') ? { symbol: 'BTCUSDT' } : { pair: 'BTCUSDT' }),
      interval: '1m',
      ...values,
    }) as (string | number)[][]

  it('are of what was told, a minute without a mark at the one before', () => {
    expect(
      candles().map(([, open, high, low, close]) => [open, high, low, close].map(Number)),
    ).toEqual([
      [60_000, 60_010, 59_990, 59_990],
      [60_020.5, 60_020.5, 60_020.5, 60_020.5],
      [60_020.5, 60_020.5, 60_020.5, 60_020.5],
      [60_030, 60_030, 60_030, 60_030],
    ])
  })

  it('have twelve fields, with eight decimals, and no volume', () => {
    expect(candles()[0]).toEqual([
      OPENED,
      '60000.00000000',
      '60010.00000000',
      '59990.00000000',
      '59990.00000000',
      '0',
      OPENED + MINUTE - 1,
      '0',
      3,
      '0',
      '0',
      '0',
    ])
  })

  it.each<readonly [Values, readonly number[]]>([
    [{ limit: 2 }, [2, 3]],
    [{ startTime: OPENED + MINUTE, limit: 2 }, [1, 2]],
    [{ startTime: OPENED + 1 }, [1, 2, 3]],
    [{ endTime: OPENED + MINUTE }, [0, 1]],
    [{ endTime: OPENED - 1 }, []],
    [{ startTime: OPENED + 90 * MINUTE }, []],
    [{ interval: '1h' }, [0]],
  ])('can be asked for by time: %j', (values, minutes) => {
    expect(candles(values).map(([time]) => (Number(time) - OPENED) / MINUTE)).toEqual(minutes)
  })

  it('are of the index for a pair', () => {
    const rows = candles({ limit: 1 }, '/fapi/v1/indexPriceKlines')
    expect(rows[0]!.slice(1, 5)).toEqual(Array.from({ length: 4 }, () => '59003.00000000'))
  })

  it.each<readonly [string, Values, number]>([
    ['mark', {}, -1102],
    ['mark', { symbol: 'X', interval: '1m' }, -1121],
    ['mark', { symbol: 'BTCUSDT', interval: '7m' }, -1120],
    ['mark', { symbol: 'BTCUSDT', interval: '1m', limit: 1501 }, -1130],
    ['mark', { symbol: 'BTCUSDT', interval: '1m', startTime: 2, endTime: 1 }, -1023],
    ['index', { symbol: 'BTCUSDT', interval: '1m' }, -1102],
    ['index', { pair: 'X', interval: '1m' }, -4144],
  ])('are refused: %s %j', (kind, values, code) => {
    expect(ask(`/fapi/v1/${kind}PriceKlines`, values)).toMatchObject({ code })
  })

  it('go on where a saved venue stood', () => {
    const saved = JSON.parse(JSON.stringify(venue.snapshot())) as ReturnType<typeof venue.snapshot>
    const again = SimulatedVenue.restore(saved, {
      instruments: STILL_INSTRUMENTS,
      startTime: START,
      seed: saved.seed,
    })
    const other = new VenueClient(again, { apiKey: 'none', secret: 'none' })
    const question = { symbol: 'BTCUSDT', interval: '1m' }
    expect(other.plain('GET', '/fapi/v1/markPriceKlines', question).json).toEqual(candles())
  })
})

describe('open interest', () => {
  const { venue, client, ask } = marked()
  place(client, { ...MARKET, quantity: '0.5' })
  for (let i = 1; i <= 13; i++) {
    venue.advanceTo(START - (START % FIVE) + i * FIVE + 1000)
    mark(venue, 60_000, 60_000)
  }
  const path = '/futures/data/openInterestHist'
  const rows = (values: Values = {}) =>
    ask(path, { symbol: 'BTCUSDT', period: '5m', ...values }) as { timestamp: number }[]

  it('is told as it stood every five minutes, with its value at the mark', () => {
    expect(rows().slice(0, 2)).toEqual([
      {
        symbol: 'BTCUSDT',
        sumOpenInterest: '0.00000000',
        sumOpenInterestValue: '0.00000000',
        timestamp: START - (START % FIVE),
      },
      {
        symbol: 'BTCUSDT',
        sumOpenInterest: '0.50000000',
        sumOpenInterestValue: '30000.00000000',
        timestamp: START - (START % FIVE) + FIVE,
      },
    ])
  })

  it.each<readonly [Values, number]>([
    [{}, 14],
    [{ limit: 3 }, 3],
    [{ period: '1h' }, 2],
    [{ startTime: START + FIVE, limit: 2 }, 2],
    [{ endTime: START }, 1],
  ])('can be asked for by period and time: %j', (values, count) => {
    expect(rows(values)).toHaveLength(count)
  })

  it.each<readonly [Values, number]>([
    [{ period: '1m' }, -1130],
    [{ symbol: 'X' }, -1121],
    [{ limit: 501 }, -1130],
  ])('is refused: %j', (values, code) => {
    expect(rows(values)).toMatchObject({ code })
  })
})
