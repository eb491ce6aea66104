import { describe, expect, it } from '@jest/globals'
import { START, print, stillVenue } from '../../venue/testing/still-market.ts'
import type { Values } from '../../venue/testing/venue-client.ts'
import {
  MARKET,
  STOP,
  place,
  placeConditional,
  without,
  type Json,
} from '../testing/sample-orders.ts'

describe('a conditional order', () => {
  it.each<readonly [string, Values, number]>([
    ['without algoType', without(STOP, 'algoType'), -1102],
    ['of another algoType', { ...STOP, algoType: 'VP' }, -1130],
    ['of a plain type', { ...STOP, type: 'MARKET' }, -1116],
    ['without trigger price', without(STOP, 'triggerPrice'), -1102],
    ['with stopPrice instead', { ...without(STOP, 'triggerPrice'), stopPrice: '59000' }, -1102],
    ['without quantity', without(STOP, 'quantity'), -1102],
    ['with a quantity that closes', { ...STOP, closePosition: 'true' }, -4137],
    ['of an unknown symbol', { ...STOP, symbol: 'X' }, -1121],
    ['by an unknown price', { ...STOP, workingType: 'LAST' }, -4031],
    ['through the price already', { ...STOP, triggerPrice: '61000' }, -2021],
    [
      'trailing without a rate',
      { ...without(STOP, 'triggerPrice'), type: 'TRAILING_STOP_MARKET' },
      -1102,
    ],
    ['as a limit without price', { ...STOP, type: 'STOP' }, -1102],
  ])('is refused %s', (_, values, code) => {
    expect(placeConditional(stillVenue().client, values).json).toMatchObject({ code })
  })

  it('has the documented fields, and is canceled with code as text', () => {
    const { client } = stillVenue()
    const ack = placeConditional(client, { ...STOP, clientAlgoId: 's1' }).json as Json
    expect(ack).toMatchObject({
      algoId: expect.any(Number),
      clientAlgoId: 's1',
      algoType: 'CONDITIONAL',
      orderType: 'STOP_MARKET',
      algoStatus: 'NEW',
      triggerPrice: '59000.00',
      closePosition: false,
      triggerTime: 0,
    })
    expect(placeConditional(client, { ...STOP, clientAlgoId: 's1' }).json).toMatchObject({
      code: -4116,
    })
    expect(client.signed('GET', '/fapi/v1/openOrders').json).toEqual([])
    expect(
      client.signed('GET', '/fapi/v1/openAlgoOrders', { symbol: 'BTCUSDT' }).json,
    ).toMatchObject([{ algoId: ack['algoId'], actualOrderId: '' }])
    expect(client.signed('DELETE', '/fapi/v1/algoOrder', { clientAlgoId: 's1' }).json).toEqual({
      algoId: ack['algoId'],
      clientAlgoId: 's1',
      code: '200',
      msg: 'success',
    })
    expect(client.signed('DELETE', '/fapi/v1/algoOrder', { clientAlgoId: 's1' }).json).toEqual({
      code: -2011,
      msg: 'Unknown order sent.',
    })
    expect(client.signed('GET', '/fapi/v1/algoOrder', { clientAlgoId: 's1' }).json).toMatchObject({
      algoStatus: 'CANCELED',
    })
    expect(client.signed('GET', '/fapi/v1/algoOrder', { clientAlgoId: 'none' }).json).toMatchObject(
      { code: -2013 },
    )
    expect(client.signed('GET', '/fapi/v1/algoOrder').json).toMatchObject({ code: -1102 })
  })

  it('becomes a market order of its own number under the same client id', () => {
    const { venue, client } = stillVenue()
    place(client, MARKET)
    placeConditional(client, { ...STOP, clientAlgoId: 's2', reduceOnly: 'true' })
    venue.advanceTo(START + 1000)
    print(venue, 58_990)
    venue.advanceTo(START + 2000)
    const found = client.signed('GET', '/fapi/v1/algoOrder', { clientAlgoId: 's2' }).json as Json
    expect(found).toMatchObject({
      algoStatus: 'FINISHED',
      actualOrderId: expect.stringMatching(/^\d+$/),
      actualQty: '0.010',
    })
    const child = client.signed('GET', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 's2',
    }).json as Json
    expect(child).toMatchObject({
      orderId: Number(found['actualOrderId']),
      type: 'MARKET',
      origType: 'STOP_MARKET',
      status: 'FILLED',
    })
    expect(
      client.signed('DELETE', '/fapi/v1/algoOrder', { clientAlgoId: 's2' }).json,
    ).toMatchObject({ code: -2011 })
  })

  it('can end REJECTED when it triggers, in the words of the venue', () => {
    const { venue, client } = stillVenue()
    const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
    const told: Json[] = []
    venue.connect('/private/ws', `listenKey=${listenKey}&events=ALGO_UPDATE`, {
      send: (text) => told.push((JSON.parse(text) as { o: Json }).o),
      ping: () => undefined,
      pong: () => undefined,
      close: () => undefined,
      terminate: () => undefined,
    })
    const tooMuch = { ...STOP, side: 'BUY', quantity: '40', triggerPrice: '60100' }
    expect(placeConditional(client, { ...tooMuch, clientAlgoId: 'big' }).status).toBe(200)
    print(venue, 60_100)
    expect(told.map(({ X, rm }) => [X, rm])).toEqual([
      ['NEW', ''],
      ['TRIGGERING', ''],
      ['REJECTED', 'Margin is insufficient.'],
    ])
    expect(client.signed('GET', '/fapi/v1/openAlgoOrders').json).toEqual([])
  })

  it('passes over activationPrice as the venue does', () => {
    const { client } = stillVenue()
    const trailing = {
      ...without(STOP, 'triggerPrice'),
      type: 'TRAILING_STOP_MARKET',
      callbackRate: '1',
    }
    const ignored = placeConditional(client, { ...trailing, activationPrice: '62000' }).json as Json
    expect(ignored['activatePrice']).not.toBe('62000.00')
    expect(placeConditional(client, { ...trailing, activatePrice: '62000' }).json).toMatchObject({
      activatePrice: '62000.00',
      callbackRate: '1',
    })
  })
})
