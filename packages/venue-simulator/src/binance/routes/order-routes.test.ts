import { describe, expect, it } from '@jest/globals'
import { print, START, stillVenue } from '../../venue/testing/still-market.ts'
import type { Values, VenueClient } from '../../venue/testing/venue-client.ts'

const LIMIT = {
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '0.010',
  price: '59000',
  timeInForce: 'GTC',
}
const MARKET = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.010' }
const STOP = {
  algoType: 'CONDITIONAL',
  symbol: 'BTCUSDT',
  side: 'SELL',
  type: 'STOP_MARKET',
  quantity: '0.010',
  triggerPrice: '59000',
}

const without = (values: Values, ...names: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))

const place = (client: VenueClient, values: Values) =>
  client.signed('POST', '/fapi/v1/order', values)
type Json = Record<string, unknown>

describe('a plain order is refused', () => {
  // In the order in which the venue looks: a row is wrong in what it is about, and in what comes after.
  const rows: readonly (readonly [string, Values, number, string])[] = [
    ['without symbol', without(LIMIT, 'symbol', 'side', 'type'), -1102, "'symbol'"],
    ['without side', without(LIMIT, 'side', 'type'), -1102, "'side'"],
    ['without type', { ...without(LIMIT, 'type'), side: 'UP' }, -1102, "'type'"],
    ['with an unknown side', { ...LIMIT, side: 'buy', type: 'STOP' }, -1117, 'Invalid side.'],
    [
      'with an unknown type',
      { ...LIMIT, type: 'LIMIT_MAKER', symbol: 'X' },
      -1116,
      'Invalid orderType.',
    ],
    ['as a stop', { ...LIMIT, type: 'STOP', symbol: 'X' }, -4120, 'Algo Order API'],
    [
      'as a stop at market',
      { ...MARKET, type: 'STOP_MARKET', stopPrice: '1' },
      -4120,
      'Algo Order API',
    ],
    ['as a take-profit', { ...LIMIT, type: 'TAKE_PROFIT' }, -4120, 'Algo Order API'],
    [
      'as a take-profit at market',
      { ...MARKET, type: 'TAKE_PROFIT_MARKET' },
      -4120,
      'Algo Order API',
    ],
    ['as a trailing stop', { ...MARKET, type: 'TRAILING_STOP_MARKET' }, -4120, 'Algo Order API'],
    [
      'LIMIT without time in force',
      without(LIMIT, 'timeInForce', 'quantity'),
      -1102,
      "'timeInForce'",
    ],
    ['LIMIT without quantity', without(LIMIT, 'quantity', 'price'), -1102, "'quantity'"],
    ['LIMIT without price', { ...without(LIMIT, 'price'), symbol: 'X' }, -1102, "'price'"],
    ['MARKET without quantity', without(MARKET, 'quantity'), -1102, "'quantity'"],
    [
      'with a quantity in exponents',
      { ...LIMIT, quantity: '1e-2', symbol: 'X' },
      -1102,
      "'quantity'",
    ],
    ['with NaN', { ...LIMIT, quantity: 'NaN' }, -1102, "'quantity'"],
    ['with a price of words', { ...LIMIT, price: 'best' }, -1102, "'price'"],
    ['with digits of another script', { ...LIMIT, price: '٥' }, -1102, "'price'"],
    [
      'with an unknown time in force',
      { ...LIMIT, timeInForce: 'GTA' },
      -1115,
      'Invalid timeInForce.',
    ],
    [
      'with an unknown position side',
      { ...LIMIT, positionSide: 'UP' },
      -4060,
      'Invalid position side.',
    ],
    ['with reduceOnly of neither', { ...LIMIT, reduceOnly: 'maybe' }, -4062, 'reduceOnly'],
    ['with an unknown prevention', { ...LIMIT, selfTradePreventionMode: 'X' }, -5039, 'self trade'],
    ['with an unknown price match', { ...LIMIT, priceMatch: 'BEST' }, -5037, 'Invalid price match'],
    ['with an unknown answer', { ...LIMIT, newOrderRespType: 'FULL' }, -1136, 'newOrderRespType'],
    ['with an empty client id', { ...LIMIT, newClientOrderId: '' }, -1105, "'newClientOrderId'"],
    [
      'of an unknown symbol',
      { ...LIMIT, symbol: 'XYZUSDT', quantity: '0' },
      -1121,
      'Invalid symbol.',
    ],
    [
      'with a blank in its client id',
      { ...LIMIT, newClientOrderId: 'a b' },
      -4015,
      'Client order id',
    ],
    [
      'with a long client id',
      { ...LIMIT, newClientOrderId: 'a'.repeat(37) },
      -4015,
      'Client order id',
    ],
    [
      'with a position side of hedge mode',
      { ...LIMIT, positionSide: 'LONG' },
      -4061,
      'position side',
    ],
    ['with a price at market', { ...MARKET, price: '60000' }, -1106, "'price'"],
    ['of nothing', { ...LIMIT, quantity: '0' }, -4003, 'Quantity less'],
    ['of less than nothing', { ...LIMIT, quantity: '-1' }, -4003, 'Quantity less'],
    ['of too little', { ...LIMIT, quantity: '0.0001' }, -1111, 'Precision'],
    ['of too much', { ...LIMIT, quantity: '1000000' }, -4005, 'greater than max'],
    ['off the tick', { ...LIMIT, price: '59000.05' }, -4014, 'tick size'],
    ['with too many decimals', { ...LIMIT, price: '59000.005' }, -1111, 'Precision'],
    ['for nothing', { ...LIMIT, price: '0' }, -4001, 'Price less'],
    ['far above the mark', { ...LIMIT, price: '70000' }, -4016, 'multiplier cap'],
    ['worth too little', { ...LIMIT, quantity: '0.001' }, -4164, 'no smaller than 100 '],
    ['reducing what is not there', { ...LIMIT, reduceOnly: 'true' }, -2022, 'ReduceOnly'],
    [
      'for more than the account has',
      { ...LIMIT, quantity: '99' },
      -2019,
      'Margin is insufficient.',
    ],
    [
      'post-only through the book',
      { ...LIMIT, timeInForce: 'GTX', price: '60000.1' },
      -5022,
      'as maker',
    ],
    [
      'fill-or-kill beyond the book',
      { ...LIMIT, timeInForce: 'FOK', price: '60001', quantity: '12' },
      -5021,
      'FOK',
    ],
  ]

  it.each(rows)('%s', (_, values, code, words) => {
    const { venue, client } = stillVenue()
    const { status, json } = place(client, values)
    expect({ status, json }).toEqual({
      status: 400,
      json: { code, msg: expect.stringContaining(words) },
    })
    expect(venue.exchange.openOrders('main')).toEqual([])
    expect(venue.exchange.tradesOf('main')).toEqual([])
  })

  it.each(rows)('as a test too: %s', (_, values, code) => {
    // Whether it would find enough in the book is only known in the book.
    if (code <= -5021 && code >= -5022) return
    const { client } = stillVenue()
    expect(client.signed('POST', '/fapi/v1/order/test', values).json).toMatchObject({ code })
  })

  it('whose client id is that of an open order, and only then', () => {
    const { client } = stillVenue()
    const order = { ...LIMIT, newClientOrderId: 'mine' }
    expect(place(client, order).status).toBe(200)
    expect(place(client, order).json).toEqual({ code: -4116, msg: 'ClientOrderId is duplicated.' })
    expect(
      client.signed('DELETE', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: 'mine' })
        .status,
    ).toBe(200)
    expect(place(client, order).status).toBe(200)
  })
})

const ACK = [
  'clientOrderId',
  'closePosition',
  'cumQty',
  'executedQty',
  'goodTillDate',
  'orderId',
  'origQty',
  'origType',
  'positionSide',
  'price',
  'priceMatch',
  'priceProtect',
  'reduceOnly',
  'side',
  'status',
  'stopPrice',
  'selfTradePreventionMode',
  'symbol',
  'timeInForce',
  'type',
  'updateTime',
  'workingType',
].toSorted()

describe('a plain order', () => {
  it('is acknowledged without what it filled at, and asked for with it', () => {
    const { client } = stillVenue()
    const ack = place(client, { ...MARKET, newOrderRespType: 'RESULT', newClientOrderId: 'm1' })
      .json as Json
    expect(Object.keys(ack).toSorted()).toEqual(ACK)
    expect(ack).toMatchObject({
      status: 'FILLED',
      executedQty: '0.01',
      cumQty: '0.01',
      orderId: expect.any(Number),
      updateTime: START,
      origType: 'MARKET',
    })
    const found = client.signed('GET', '/fapi/v1/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'm1',
    }).json as Json
    expect(Object.keys(found).toSorted()).toEqual(
      [...ACK.filter((name) => name !== 'cumQty'), 'avgPrice', 'cumQuote', 'time'].toSorted(),
    )
    expect(found).toMatchObject({ avgPrice: '60000.1', cumQuote: '600.001', time: START })
  })

  it.each([
    ['ACK', MARKET, 'NEW', '0'],
    ['RESULT', MARKET, 'FILLED', '0.01'],
    ['RESULT', { ...LIMIT, price: '60001', timeInForce: 'IOC' }, 'FILLED', '0.01'],
    ['RESULT', { ...LIMIT, price: '59000', timeInForce: 'IOC' }, 'EXPIRED', '0'],
    ['RESULT', { ...LIMIT, price: '60000.1', quantity: '1.5' }, 'NEW', '0'],
    ['RESULT', LIMIT, 'NEW', '0'],
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
    expect(Object.keys(amended).toSorted()).toEqual([...ACK, 'modifyId', 'pair'].toSorted())
    expect(amended).toMatchObject({
      orderId,
      clientOrderId: 'a',
      price: '59500',
      origQty: '0.02',
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
    expect(Object.keys(canceled).toSorted()).toEqual(ACK)
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
})

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
      { status: 'NEW', price: '59000' },
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
    expect(amended).toMatchObject([{ price: '59100' }, { code: -2013 }])
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

describe('a conditional order', () => {
  const algo = (client: VenueClient, values: Values) =>
    client.signed('POST', '/fapi/v1/algoOrder', values)

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
    expect(algo(stillVenue().client, values).json).toMatchObject({ code })
  })

  it('has the documented fields, and is canceled with code as text', () => {
    const { client } = stillVenue()
    const ack = algo(client, { ...STOP, clientAlgoId: 's1' }).json as Json
    expect(ack).toMatchObject({
      algoId: expect.any(Number),
      clientAlgoId: 's1',
      algoType: 'CONDITIONAL',
      orderType: 'STOP_MARKET',
      algoStatus: 'NEW',
      triggerPrice: '59000',
      closePosition: false,
      triggerTime: 0,
    })
    expect(algo(client, { ...STOP, clientAlgoId: 's1' }).json).toMatchObject({ code: -4116 })
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
    algo(client, { ...STOP, clientAlgoId: 's2', reduceOnly: 'true' })
    venue.advanceTo(START + 1000)
    print(venue, 58_990)
    venue.advanceTo(START + 2000)
    const found = client.signed('GET', '/fapi/v1/algoOrder', { clientAlgoId: 's2' }).json as Json
    expect(found).toMatchObject({
      algoStatus: 'FINISHED',
      actualOrderId: expect.stringMatching(/^\d+$/),
      actualQty: '0.01',
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

  it('passes over activationPrice as the venue does', () => {
    const { client } = stillVenue()
    const trailing = {
      ...without(STOP, 'triggerPrice'),
      type: 'TRAILING_STOP_MARKET',
      callbackRate: '1',
    }
    const ignored = algo(client, { ...trailing, activationPrice: '62000' }).json as Json
    expect(ignored['activatePrice']).not.toBe('62000')
    expect(algo(client, { ...trailing, activatePrice: '62000' }).json).toMatchObject({
      activatePrice: '62000',
      callbackRate: '1',
    })
  })
})
