import { describe, expect, it } from '@jest/globals'
import { stillVenue } from '../../venue/testing/still-market.ts'
import { LIMIT, MARKET, place, without } from '../testing/sample-orders.ts'

describe('a batch', () => {
  it('answers item by item', () => {
    const { client } = stillVenue()
    const batchOrders = JSON.stringify([
      { ...LIMIT, newClientOrderId: 'b1' },
      { ...LIMIT, quantity: 0.01, price: 59_000, newClientOrderId: 'b2', reduceOnly: false },
      { ...MARKET, type: 'STOP_MARKET', triggerPrice: '1' },
      { ...LIMIT, newClientOrderId: 'b1' },
      without(LIMIT, 'price'),
    ])
    const { status, json } = client.signed('POST', '/fapi/v1/batchOrders', { batchOrders })
    expect(status).toBe(200)
    expect(json).toMatchObject([
      { status: 'NEW' },
      { status: 'NEW', price: '59000.00' },
      { code: -4120 },
      { code: -4116 },
      { code: -1102 },
    ])
    const amended = client.signed('PUT', '/fapi/v1/batchOrders', {
      batchOrders: JSON.stringify([
        {
          symbol: 'BTCUSDT',
          side: 'BUY',
          origClientOrderId: 'b1',
          quantity: '0.02',
          price: '59100',
        },
        {
          symbol: 'BTCUSDT',
          side: 'BUY',
          origClientOrderId: 'none',
          quantity: '0.02',
          price: '59100',
        },
      ]),
    }).json
    expect(amended).toMatchObject([{ price: '59100.00' }, { code: -2013 }])
  })

  it.each([
    ['none', '[]', -4082],
    ['six', JSON.stringify(Array.from({ length: 6 }, () => LIMIT)), -4082],
    ['no list', '{}', -1130],
    ['no JSON', '[{', -1130],
    ['nothing', '', -1102],
  ])('of %s is refused', (_, batchOrders, code) => {
    expect(
      stillVenue().client.signed('POST', '/fapi/v1/batchOrders', { batchOrders }).json,
    ).toMatchObject({ code })
  })

  it.each([
    ['orderIdList', (ids: readonly number[]) => JSON.stringify(ids)],
    ['orderidlist', (ids: readonly number[]) => JSON.stringify(ids)],
    ['orderIdList', (ids: readonly number[]) => JSON.stringify(ids.map(String))],
    ['origClientOrderIdList', () => '["x1","x2"]'],
    ['origclientorderidlist', () => '["x1","x2"]'],
  ])('is canceled by %s', (name, list) => {
    const { client } = stillVenue()
    const ids = ['x1', 'x2'].map(
      (newClientOrderId) =>
        (place(client, { ...LIMIT, newClientOrderId }).json as { orderId: number }).orderId,
    )
    const cancel = () =>
      client.signed('DELETE', '/fapi/v1/batchOrders', { symbol: 'BTCUSDT', [name]: list(ids) }).json
    expect(cancel()).toMatchObject([{ status: 'CANCELED' }, { status: 'CANCELED' }])
    expect(cancel()).toEqual([
      { code: -2011, msg: 'Unknown order sent.' },
      { code: -2011, msg: 'Unknown order sent.' },
    ])
  })

  it.each([
    [{ orderIdList: JSON.stringify(Array.from({ length: 11 }, (_, i) => i + 1)) }, -4032],
    [{ orderIdList: '[]' }, -4032],
    [{ orderIdList: '["a"]' }, -1130],
    [{ orderIdList: '[1.5]' }, -1130],
    [{ orderIdList: '7' }, -1130],
    [{}, -1102],
  ])('cannot be canceled by %j', (values, code) => {
    expect(
      stillVenue().client.signed('DELETE', '/fapi/v1/batchOrders', { symbol: 'BTCUSDT', ...values })
        .json,
    ).toMatchObject({ code })
  })
})
