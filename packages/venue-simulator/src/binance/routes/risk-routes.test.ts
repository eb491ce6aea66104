import { describe, expect, it } from '@jest/globals'
import { quote, START, stillVenue } from '../../venue/testing/still-market.ts'
import type { VenueClient, Values } from '../../venue/testing/venue-client.ts'
import { LIMIT, MARKET, place, type Json } from '../testing/sample-orders.ts'

const ask = (client: VenueClient, path: string, values: Values = {}) =>
  client.signed('GET', `/fapi/v1/${path}`, values).json

describe('what was closed against the will of an account', () => {
  const { venue, client } = stillVenue()
  place(client, { ...MARKET, quantity: '1' })
  place(client, LIMIT)
  venue.move({ kind: 'deleverage', account: 'main', symbol: 'BTCUSDT', part: 0.5 })
  venue.advanceTo(START + 1000)
  venue.exchange.liquidate('main', 'BTCUSDT')
  venue.settle()
  const orders = (values: Values = {}) => ask(client, 'forceOrders', values) as Json[]

  it('is told with its fills, and is nothing else', () => {
    expect(orders()).toMatchObject([
      { clientOrderId: expect.stringMatching(/^adl_autoclose/), origQty: '0.500', side: 'SELL' },
      { clientOrderId: expect.stringMatching(/^autoclose-/), executedQty: '0.500', side: 'SELL' },
    ])
    expect(orders()[0]).not.toHaveProperty('priceProtect')
  })

  it.each<readonly [Values, number]>([
    [{ autoCloseType: 'ADL' }, 1],
    [{ autoCloseType: 'LIQUIDATION', symbol: 'BTCUSDT' }, 1],
    [{ limit: 1 }, 1],
    [{ startTime: START, endTime: START }, 1],
    [{ startTime: START + 1001 }, 0],
  ])('can be asked for by kind and time: %j', (values, count) => {
    expect(orders(values)).toHaveLength(count)
  })

  it.each<readonly [Values, number]>([
    [{ autoCloseType: 'NONE' }, -1130],
    [{ limit: 101 }, -1130],
    [{ symbol: 'X' }, -1121],
    [{ startTime: 1, endTime: START }, -4165],
  ])('is refused: %j', (values, code) => {
    expect(orders(values)).toMatchObject({ code })
  })
})

describe('the place in the queue of deleveraging', () => {
  it('is that of the one position in one-way mode', () => {
    const { client } = stillVenue()
    expect(ask(client, 'adlQuantile')).toEqual([])
    place(client, MARKET)
    expect(ask(client, 'adlQuantile')).toEqual([
      { symbol: 'BTCUSDT', adlQuantile: { LONG: 0, SHORT: 0, BOTH: 1 } },
    ])
    expect(ask(client, 'adlQuantile', { symbol: 'X' })).toMatchObject({ code: -1121 })
  })

  it('is that of each side in hedge mode, and says whether they are crossed', () => {
    const { venue, client } = stillVenue()
    client.signed('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' })
    place(client, { ...MARKET, positionSide: 'LONG' })
    const of = () =>
      (ask(client, 'adlQuantile', { symbol: 'BTCUSDT' }) as Json[])[0]!['adlQuantile']
    expect(of()).toEqual({ LONG: 1, SHORT: 0, HEDGE: 0 })
    place(client, { ...MARKET, side: 'SELL', positionSide: 'LONG' })
    client.signed('POST', '/fapi/v1/marginType', { symbol: 'BTCUSDT', marginType: 'ISOLATED' })
    place(client, { ...MARKET, side: 'SELL', positionSide: 'SHORT' })
    quote(venue)
    expect(of()).toEqual({ LONG: 0, SHORT: 1, BOTH: 0 })
  })
})

describe('the insurance fund', () => {
  it('is one for all symbols', () => {
    const { client } = stillVenue()
    const fund = {
      symbols: ['BTCUSDT'],
      assets: [{ asset: 'USDT', marginBalance: '1000000.00000000', updateTime: START }],
    }
    const about = (values: Values = {}) =>
      client.plain('GET', '/fapi/v1/insuranceBalance', values).json
    expect(about()).toEqual([fund])
    expect(about({ symbol: 'BTCUSDT' })).toEqual(fund)
    expect(about({ symbol: 'X' })).toMatchObject({ code: -1121 })
  })
})
