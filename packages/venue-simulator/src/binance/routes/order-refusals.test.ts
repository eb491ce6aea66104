import { describe, expect, it } from '@jest/globals'
import { stillVenue } from '../../venue/testing/still-market.ts'
import type { Values } from '../../venue/testing/venue-client.ts'
import { LIMIT, MARKET, place, without } from '../testing/sample-orders.ts'

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
