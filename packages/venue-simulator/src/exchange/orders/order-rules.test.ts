import { describe, expect, it } from '@jest/globals'
import type { Exchange, NewOrder, PriceMatch } from '../index.ts'
import {
  START,
  SYMBOL,
  book,
  limit,
  market,
  must,
  openExchange,
  print,
  refusalOf,
  told,
} from '../testing/open-exchange.ts'

const held = (quantity: string, side: 'BUY' | 'SELL' = 'BUY'): Exchange => {
  const exchange = openExchange()
  must(exchange.placeOrder('a', market(side, quantity)))
  exchange.takeEvents()
  return exchange
}

const place = (exchange: Exchange, id: string, order: NewOrder) =>
  must(exchange.placeOrder('a', { ...order, clientOrderId: id }))

const reducing = { reduceOnly: true } as const

describe('a reduce-only order that is larger than the position', () => {
  it.each([
    ['a market order', market('SELL', '0.02', reducing), 'FILLED'],
    ['a limit that rests', limit('SELL', '50100', '0.02', reducing), 'NEW'],
    ['a limit that takes', limit('SELL', '49900', '0.02', reducing), 'FILLED'],
    ['an IOC', limit('SELL', '49900', '0.02', { ...reducing, timeInForce: 'IOC' }), 'FILLED'],
    ['a FOK', limit('SELL', '49998', '0.008', { ...reducing, timeInForce: 'FOK' }), 'FILLED'],
  ])('is made as large as that: %s', (_, order, status) => {
    const exchange = held('0.005')
    expect(place(exchange, 'r', order)).toMatchObject({ quantity: '0.005', status })
    expect(told(exchange.takeEvents())[0]).toBe('a NEW NEW r 0/0.005')
  })

  it('of a short, too', () => {
    expect(
      place(held('0.005', 'SELL'), 'r', limit('BUY', '49900', '0.02', reducing)),
    ).toMatchObject({ quantity: '0.005', status: 'NEW' })
  })

  it('that a conditional order becomes, too', () => {
    const exchange = held('0.005')
    must(
      exchange.placeConditional('a', {
        symbol: SYMBOL,
        side: 'SELL',
        type: 'STOP_MARKET',
        quantity: '0.02',
        triggerPrice: '49900',
        reduceOnly: true,
        clientAlgoId: 's',
      }),
    )
    exchange.applyMarket(book([[498_900, 900]], [[500_010, 900]], START + 1))
    exchange.applyMarket(print(498_900, 1, 1, START + 1))
    expect(exchange.order('a', SYMBOL, { clientOrderId: 's' })).toMatchObject({
      quantity: '0.005',
      executedQuantity: '0.005',
      status: 'FILLED',
    })
  })

  it('by an amendment, too', () => {
    const exchange = held('0.005')
    place(exchange, 'r', limit('SELL', '50100', '0.004', reducing))
    const change = { side: 'SELL' as const, price: '50100', quantity: '0.02' }
    const amended = exchange.amendOrder('a', SYMBOL, { clientOrderId: 'r' }, change)
    expect(must(amended)).toMatchObject({ quantity: '0.005', status: 'NEW' })
  })

  it('in hedge mode fills what there is, and expires', () => {
    const exchange = openExchange()
    must(exchange.setPositionMode('a', true))
    must(exchange.placeOrder('a', market('BUY', '0.004', { positionSide: 'LONG' })))
    const closing = market('SELL', '0.005', { positionSide: 'LONG' })
    expect(place(exchange, 'c', closing)).toMatchObject({
      quantity: '0.005',
      executedQuantity: '0.004',
      status: 'EXPIRED',
      expiryReason: 4,
    })
  })
})

describe('reduce-only orders in the book', () => {
  it('keep their size when the position shrinks, and fill no more than it', () => {
    const exchange = held('0.005')
    place(exchange, 'r', limit('SELL', '50000.5', '0.005', reducing))
    place(exchange, 'less', market('SELL', '0.003'))
    expect(exchange.openOrders('a')).toMatchObject([{ clientOrderId: 'r', quantity: '0.005' }])
    exchange.takeEvents()
    exchange.applyMarket(print(500_010, 9, 0, START + 5))
    expect(told(exchange.takeEvents())).toEqual([
      'a TRADE PARTIALLY_FILLED r 0.002/0.005 0.002@50000.5 M',
      'a EXPIRED EXPIRED r 0.002/0.005 er4',
    ])
    expect(exchange.positions('a')).toEqual([])
  })

  it('expire when the position turns around, and serve no other side', () => {
    const exchange = held('0.005')
    place(exchange, 'r', limit('SELL', '50100', '0.005', reducing))
    exchange.takeEvents()
    place(exchange, 'turn', market('SELL', '0.02'))
    expect(told(exchange.takeEvents()).at(-1)).toBe('a EXPIRED EXPIRED r 0/0.005 er4')
    expect(exchange.positions('a')).toMatchObject([{ quantity: '-0.015' }])
  })

  it('stay when the position grows, and leave room for another', () => {
    const exchange = held('0.005')
    place(exchange, 'r', limit('SELL', '50100', '0.005', reducing))
    const another = limit('SELL', '50200', '0.005', reducing)
    expect(refusalOf(exchange.placeOrder('a', another))).toBe('REDUCE_ONLY_CONFLICT')
    place(exchange, 'more', market('BUY', '0.005'))
    expect(place(exchange, 'r2', another)).toMatchObject({ status: 'NEW', quantity: '0.005' })
  })

  it('a stop with closePosition is over with the position, and closes what there is then', () => {
    const exchange = held('0.005')
    const stop = {
      symbol: SYMBOL,
      side: 'SELL' as const,
      type: 'STOP_MARKET' as const,
      triggerPrice: '49900',
      closePosition: true,
    }
    must(exchange.placeConditional('a', { ...stop, clientAlgoId: 's1' }))
    place(exchange, 'more', market('BUY', '0.01'))
    exchange.applyMarket(book([[498_900, 900]], [[500_010, 900]], START + 1))
    exchange.applyMarket(print(498_900, 1, 1, START + 1))
    expect(exchange.order('a', SYMBOL, { clientOrderId: 's1' })).toMatchObject({
      quantity: '0.015',
      closePosition: true,
      reduceOnly: true,
    })
    must(exchange.placeOrder('a', market('BUY', '0.005')))
    const triggerPrice = '49000'
    must(exchange.placeConditional('a', { ...stop, triggerPrice, clientAlgoId: 's2' }))
    must(exchange.placeOrder('a', market('SELL', '0.005')))
    expect(exchange.conditional('a', { clientAlgoId: 's2' })?.status).toBe('EXPIRED')
  })
})

describe('self-trade prevention', () => {
  it.each([
    ['GTC', 'EXPIRE_TAKER', 'in EXPIRED_IN_MATCH 1', 'rest NEW 0'],
    ['GTC', 'EXPIRE_MAKER', 'in NEW 0', 'rest EXPIRED_IN_MATCH 1'],
    ['GTC', 'EXPIRE_BOTH', 'in EXPIRED_IN_MATCH 1', 'rest EXPIRED_IN_MATCH 1'],
    ['IOC', 'EXPIRE_TAKER', 'in EXPIRED_IN_MATCH 3', 'rest NEW 0'],
    ['IOC', 'EXPIRE_MAKER', 'in EXPIRED 2', 'rest EXPIRED_IN_MATCH 1'],
    ['IOC', 'EXPIRE_BOTH', 'in EXPIRED_IN_MATCH 3', 'rest EXPIRED_IN_MATCH 1'],
    ['GTD', 'EXPIRE_TAKER', 'in EXPIRED_IN_MATCH 1', 'rest NEW 0'],
    ['FOK', 'EXPIRE_TAKER', 'in FILLED 0', 'rest FILLED 0'],
    ['FOK', 'EXPIRE_BOTH', 'in FILLED 0', 'rest FILLED 0'],
    ['IOC', 'NONE', 'in FILLED 0', 'rest FILLED 0'],
  ] as const)('%s with %s', (timeInForce, selfTradePrevention, taker, maker) => {
    const exchange = openExchange()
    place(exchange, 'rest', limit('SELL', '50000.5', '0.004'))
    const till = timeInForce === 'GTD' ? { goodTillDate: START + 700_000 } : {}
    const order = { timeInForce, selfTradePrevention, ...till }
    place(exchange, 'in', limit('BUY', '50000.5', '0.004', order))
    const words = (id: string): string => {
      const { status, expiryReason } = exchange.order('a', SYMBOL, { clientOrderId: id })!
      return `${id} ${status} ${expiryReason}`
    }
    expect([words('in'), words('rest')]).toEqual([taker, maker])
  })

  it('goes by the mode of the taker alone', () => {
    const exchange = openExchange()
    place(exchange, 'rest', limit('SELL', '50000.5', '0.004', { selfTradePrevention: 'NONE' }))
    const taker = place(exchange, 'in', limit('BUY', '50000.5', '0.004'))
    expect(taker).toMatchObject({ status: 'NEW', selfTradePrevention: 'EXPIRE_MAKER' })
    expect(exchange.order('a', SYMBOL, { clientOrderId: 'rest' })?.status).toBe('EXPIRED_IN_MATCH')
  })
})

const levels = (best: number, step: number) =>
  Array.from({ length: 20 }, (_, i) => [best + step * i, 5] as const)

describe('priceMatch', () => {
  it.each<readonly [PriceMatch, string, string]>([
    ['OPPONENT', '50001', '49999'],
    ['OPPONENT_5', '50001.4', '49998.6'],
    ['OPPONENT_10', '50001.9', '49998.1'],
    ['OPPONENT_20', '50002.9', '49997.1'],
    ['QUEUE', '49999', '50001'],
    ['QUEUE_5', '49998.6', '50001.4'],
    ['QUEUE_10', '49998.1', '50001.9'],
    ['QUEUE_20', '49997.1', '50002.9'],
  ])('%s is at %s for a buy, at %s for a sell', (priceMatch, buy, sell) => {
    for (const [side, price] of [
      ['BUY', buy],
      ['SELL', sell],
    ] as const) {
      const exchange = openExchange()
      exchange.applyMarket(book(levels(499_990, -1), levels(500_010, 1), START + 1))
      const { price: _, ...order } = limit(side, '1', '0.001')
      expect(place(exchange, 'm', { ...order, priceMatch })).toMatchObject({ price, priceMatch })
    }
  })

  it('counts clients among the levels, and finds none that is not there', () => {
    const exchange = openExchange()
    must(exchange.placeOrder('b', limit('BUY', '49999.5', '0.01')))
    const { price: _, ...order } = limit('BUY', '1', '0.001')
    expect(place(exchange, 'q', { ...order, priceMatch: 'QUEUE' }).price).toBe('49999.5')
    expect(refusalOf(exchange.placeOrder('a', { ...order, priceMatch: 'QUEUE_20' }))).toBe(
      'PRICE_MATCH_WITHOUT_PRICE',
    )
  })
})

describe('GTD', () => {
  it('ends at the whole second of its date', () => {
    const exchange = openExchange()
    const order = { timeInForce: 'GTD' as const, goodTillDate: START + 700_999 }
    expect(place(exchange, 'l', limit('BUY', '49000', '0.01', order)).goodTillDate).toBe(
      START + 700_000,
    )
    exchange.advanceTo(START + 699_999)
    expect(exchange.openOrders('a')).toHaveLength(1)
    exchange.advanceTo(START + 700_000)
    expect(exchange.order('a', SYMBOL, { clientOrderId: 'l' })?.status).toBe('EXPIRED')
  })
})

describe('an amended order', () => {
  it.each([
    ['less of it', { price: '49999.5', quantity: '0.003' }],
    ['more of it', { price: '49999.5', quantity: '0.009' }],
  ])('goes to the end of its queue: %s', (_, change) => {
    const exchange = openExchange()
    place(exchange, 'first', limit('BUY', '49999.5', '0.004'))
    must(exchange.placeOrder('b', limit('BUY', '49999.5', '0.004', { clientOrderId: 'second' })))
    must(exchange.amendOrder('a', SYMBOL, { clientOrderId: 'first' }, { side: 'BUY', ...change }))
    exchange.takeEvents()
    exchange.applyMarket(print(499_995, 4, 1, START + 5))
    expect(told(exchange.takeEvents())).toEqual([
      'b TRADE FILLED second 0.004/0.004 0.004@49999.5 M',
    ])
  })
})
