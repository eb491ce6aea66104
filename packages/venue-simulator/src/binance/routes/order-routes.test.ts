import { describe, expect, it } from '@jest/globals'
import { parsePlannedFault } from '../../faults/index.ts'
import { START, stillVenue } from '../../venue/testing/still-market.ts'
import {
  ACK_FIELDS,
  LIMIT,
  MARKET,
  STOP,
  place,
  without,
  type Json,
} from '../testing/sample-orders.ts'

describe('a plain order', () => {
  it('is acknowledged without what it filled at, and asked for with it', () => {
    const { client } = stillVenue()
    const ack = place(client, { ...MARKET, newOrderRespType: 'RESULT', newClientOrderId: 'm1' })
      .json as Json
    expect(Object.keys(ack).toSorted()).toEqual(ACK_FIELDS)
    expect(ack).toMatchObject({
      status: 'FILLED',
      executedQty: '0.010',
      cumQty: '0.010',
      orderId: expect.any(Number),
      updateTime: START,
      origType: 'MARKET',
    })
    const found = client.signed('GET', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'm1',
    }).json as Json
    expect(Object.keys(found).toSorted()).toEqual(
      [
        ...ACK_FIELDS.filter((name) => name !== 'cumQty'),
        'avgPrice',
        'cumQuote',
        'time',
      ].toSorted(),
    )
    expect(found).toMatchObject({ avgPrice: '60000.10000', cumQuote: '600.00100', time: START })
  })

  it('is told as it would be when it is only tested, and is nowhere', () => {
    const { venue, client } = stillVenue()
    const tested = client.signed('POST', '/fapi/v1/order/test', LIMIT).json as Json
    expect(Object.keys(tested).toSorted()).toEqual(
      [...ACK_FIELDS, 'avgPrice', 'cumQuote'].toSorted(),
    )
    expect(tested).toMatchObject({
      orderId: 0,
      status: 'NEW',
      price: '59000.00',
      origQty: '0.010',
      executedQty: '0.000',
    })
    expect(venue.exchange.ordersOf('main')).toEqual([])
  })

  it.each([
    ['ACK', MARKET, 'NEW', '0.000'],
    ['RESULT', MARKET, 'FILLED', '0.010'],
    ['RESULT', { ...LIMIT, price: '60001', timeInForce: 'IOC' }, 'FILLED', '0.010'],
    ['RESULT', { ...LIMIT, price: '59000', timeInForce: 'IOC' }, 'EXPIRED', '0.000'],
    ['RESULT', { ...LIMIT, price: '60000.1', quantity: '1.5' }, 'NEW', '0.000'],
    ['RESULT', LIMIT, 'NEW', '0.000'],
  ])('%s of %j says %s', (newOrderRespType, order, status, executedQty) => {
    const { client } = stillVenue()
    expect(place(client, { ...order, newOrderRespType }).json).toMatchObject({
      status,
      executedQty,
    })
  })

  it('is amended in place, keeps its ids and loses nothing', () => {
    const { client } = stillVenue()
    const { orderId } = place(client, { ...LIMIT, newClientOrderId: 'a' }).json as {
      orderId: number
    }
    const amend = {
      symbol: 'BTCUSDT',
      side: 'BUY',
      orderId,
      quantity: '0.02',
      price: '59500',
      modifyId: 7,
    }
    const amended = client.signed('PUT', '/fapi/v1/order', amend).json as Json
    expect(Object.keys(amended).toSorted()).toEqual([...ACK_FIELDS, 'modifyId', 'pair'].toSorted())
    expect(amended).toMatchObject({
      orderId,
      clientOrderId: 'a',
      price: '59500.00',
      origQty: '0.020',
      pair: 'BTCUSDT',
      modifyId: 7,
    })
    expect(client.signed('PUT', '/fapi/v1/order', amend).json).toMatchObject({ code: -5027 })
    expect(client.signed('PUT', '/fapi/v1/order', without(amend, 'price')).json).toMatchObject({
      code: -1102,
    })
    expect(client.signed('PUT', '/fapi/v1/order', without(amend, 'orderId')).json).toMatchObject({
      code: -1102,
    })
    expect(
      client.signed('PUT', '/fapi/v1/order', { ...amend, orderId: 999_999 }).json,
    ).toMatchObject({ code: -2013 })
  })

  it('is canceled once: -2011 after that, and -2013 for what never was', () => {
    const { client } = stillVenue()
    place(client, { ...LIMIT, newClientOrderId: 'c' })
    const key = { symbol: 'BTCUSDT', origClientOrderId: 'c' }
    expect(client.signed('GET', '/fapi/v1/openOrder', key).status).toBe(200)
    const canceled = client.signed('DELETE', '/fapi/v1/order', key).json as Json
    expect(Object.keys(canceled).toSorted()).toEqual(ACK_FIELDS)
    expect(canceled).toMatchObject({ status: 'CANCELED' })
    expect(client.signed('DELETE', '/fapi/v1/order', key).json).toEqual({
      code: -2011,
      msg: 'Unknown order sent.',
    })
    expect(client.signed('GET', '/fapi/v1/openOrder', key).json).toEqual({
      code: -2013,
      msg: 'Order does not exist.',
    })
    expect(client.signed('GET', '/fapi/v1/order', key).json).toMatchObject({ status: 'CANCELED' })
    expect(
      client.signed('GET', '/fapi/v1/order', { symbol: 'BTCUSDT', orderId: 12 }).json,
    ).toMatchObject({ code: -2013 })
    expect(client.signed('GET', '/fapi/v1/order', { symbol: 'BTCUSDT' }).json).toMatchObject({
      code: -1102,
    })
    expect(
      client.signed('DELETE', '/fapi/v1/order', { symbol: 'X', orderId: 1 }).json,
    ).toMatchObject({ code: -1121 })
  })

  it('is forgotten: three days after it was canceled unfilled', () => {
    const { venue, client } = stillVenue()
    place(client, { ...LIMIT, newClientOrderId: 'old' })
    const key = { symbol: 'BTCUSDT', origClientOrderId: 'old' }
    client.signed('DELETE', '/fapi/v1/order', key)
    venue.advanceTo(START + 3 * 86_400_000)
    expect(client.signed('GET', '/fapi/v1/order', key).status).toBe(200)
    venue.advanceTo(START + 3 * 86_400_000 + 1)
    expect(client.signed('GET', '/fapi/v1/order', key).json).toMatchObject({ code: -2013 })
  })

  it('leaves with all others of its symbol, and when the countdown ends', () => {
    const { venue, client } = stillVenue()
    place(client, LIMIT)
    expect(client.signed('DELETE', '/fapi/v1/allOpenOrders', { symbol: 'BTCUSDT' }).json).toEqual({
      code: 200,
      msg: 'The operation of cancel all open order is done.',
    })
    place(client, LIMIT)
    expect(client.signed('POST', '/fapi/v1/algoOrder', STOP).status).toBe(200)
    expect(
      client.signed('POST', '/fapi/v1/countdownCancelAll', {
        symbol: 'BTCUSDT',
        countdownTime: 5000,
      }).json,
    ).toEqual({ symbol: 'BTCUSDT', countdownTime: '5000' })
    venue.advanceTo(START + 4999)
    expect(client.signed('GET', '/fapi/v1/openOrders', { symbol: 'BTCUSDT' }).json).toHaveLength(1)
    venue.advanceTo(START + 5000)
    expect(client.signed('GET', '/fapi/v1/openOrders', { symbol: 'BTCUSDT' }).json).toEqual([])
    expect(client.signed('GET', '/fapi/v1/openAlgoOrders').json).toHaveLength(1)
  })

  it('takes conditional orders with it when the countdown ends, if a fault says so', () => {
    const { venue, client } = stillVenue()
    const fault = { fault: { kind: 'countdown_cancels_algo' }, when: { kind: 'always' } }
    venue.faults.add(parsePlannedFault(fault, 'fault'), START)
    client.signed('POST', '/fapi/v1/algoOrder', STOP)
    client.signed('POST', '/fapi/v1/countdownCancelAll', { symbol: 'BTCUSDT', countdownTime: 5 })
    venue.advanceTo(START + 5)
    expect(client.signed('GET', '/fapi/v1/openAlgoOrders').json).toEqual([])
  })
})
