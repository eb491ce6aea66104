import { describe, expect, it } from '@jest/globals'
import type { Exchange } from './index.ts'
import {
  BTC,
  START,
  SYMBOL,
  book,
  change,
  limit,
  market,
  must,
  openExchange,
  print,
  refusalOf,
  told,
} from './testing/open-exchange.ts'

const place = (exchange: Exchange, account: string, id: string, order: ReturnType<typeof limit>) =>
  must(exchange.placeOrder(account, { ...order, clientOrderId: id }))

const levels = (exchange: Exchange): string => {
  const view = exchange.book(SYMBOL, 10)!
  return `${view.bids.map((one) => one.join('x')).join(' ')} | ${view.asks.map((one) => one.join('x')).join(' ')}`
}

describe('market orders', () => {
  it('walk the displayed book; what they took stays taken until the level is told anew', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'm', market('BUY', '0.008'))
    expect(told(exchange.takeEvents())).toEqual([
      'a NEW NEW m 0/0.008',
      'a TRADE PARTIALLY_FILLED m 0.005/0.008 0.005@50001 T',
      'a TRADE FILLED m 0.008/0.008 0.003@50002 T',
    ])
    expect(levels(exchange)).toBe('49999x0.005 49998x0.02 | 50002x0.017')
    exchange.applyMarket(change([], [[500_020, 30]], START + 100))
    expect(levels(exchange)).toBe('49999x0.005 49998x0.02 | 50002x0.03')
    exchange.applyMarket(change([], [[500_010, 1]], START + 200))
    expect(levels(exchange)).toBe('49999x0.005 49998x0.02 | 50001x0.001 50002x0.03')
  })

  it('expire with reason 9 where the book ends', () => {
    const exchange = openExchange()
    const order = place(exchange, 'a', 'm', market('SELL', '0.03'))
    expect(order).toMatchObject({ status: 'EXPIRED', executedQuantity: '0.025', expiryReason: 9 })
    expect(place(exchange, 'a', 'n', market('SELL', '0.03'))).toMatchObject({
      status: 'EXPIRED',
      executedQuantity: '0',
    })
  })

  it('go no further than the bound around the mark', () => {
    const exchange = openExchange({ instruments: [{ ...BTC, marketTakeBound: '0.0003' }] })
    const order = place(exchange, 'a', 'm', market('BUY', '0.03'))
    // 50000 * 1.0003 = 50015: the level at 50002 is within.
    expect(order).toMatchObject({ executedQuantity: '0.025' })
    const near = openExchange({ instruments: [{ ...BTC, marketTakeBound: '0.00003' }] })
    expect(place(near, 'a', 'm', market('BUY', '0.03'))).toMatchObject({
      executedQuantity: '0.005',
      expiryReason: 9,
    })
  })

  it('reduce-only ones take the position and no more', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'open', market('BUY', '0.004'))
    expect(place(exchange, 'a', 'x', market('SELL', '0.01', { reduceOnly: true }))).toMatchObject({
      status: 'FILLED',
      quantity: '0.004',
      executedQuantity: '0.004',
      expiryReason: 0,
    })
    expect(exchange.positions('a')).toEqual([])
  })
})

describe('limits', () => {
  it('join behind what is displayed; prints first serve that, then clients in turn', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'first', limit('BUY', '49998', '0.01'))
    exchange.applyMarket(change([[499_980, 26]], [], START + 10))
    place(exchange, 'b', 'second', limit('BUY', '49998', '0.01'))
    expect(levels(exchange)).toBe('49999x0.005 49998x0.046 | 50001x0.005 50002x0.02')
    exchange.takeEvents()
    // 20 displayed before the first, 6 more between the two.
    exchange.applyMarket(print(499_980, 24, 1, START + 20))
    expect(told(exchange.takeEvents())).toEqual([
      'a TRADE PARTIALLY_FILLED first 0.004/0.01 0.004@49998 M',
    ])
    exchange.applyMarket(print(499_980, 10, 1, START + 30))
    expect(told(exchange.takeEvents())).toEqual(['a TRADE FILLED first 0.01/0.01 0.006@49998 M'])
    exchange.applyMarket(print(499_980, 9, 1, START + 40))
    expect(told(exchange.takeEvents())).toEqual([
      'b TRADE PARTIALLY_FILLED second 0.007/0.01 0.007@49998 M',
    ])
  })

  it('with a better price come first, and a print through them fills them at their price', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'low', limit('BUY', '49997', '0.01'))
    place(exchange, 'b', 'high', limit('BUY', '49999.5', '0.01'))
    exchange.takeEvents()
    exchange.applyMarket(print(499_960, 15, 1, START + 5))
    expect(told(exchange.takeEvents())).toEqual([
      'b TRADE FILLED high 0.01/0.01 0.01@49999.5 M',
      'a TRADE PARTIALLY_FILLED low 0.005/0.01 0.005@49997 M',
    ])
  })

  it('do not meet prints from before they came', () => {
    const exchange = openExchange()
    exchange.advanceTo(START + 100)
    place(exchange, 'a', 'l', limit('BUY', '49999.5', '0.01'))
    exchange.takeEvents()
    exchange.applyMarket(print(499_960, 15, 1, START + 99))
    expect(told(exchange.takeEvents())).toEqual([])
    exchange.applyMarket(print(499_960, 15, 1, START + 100))
    expect(told(exchange.takeEvents())).toHaveLength(1)
  })

  it('meet other clients in price order among what is displayed', () => {
    const exchange = openExchange()
    place(exchange, 'b', 'inside', limit('SELL', '50000.5', '0.002'))
    place(exchange, 'c', 'behind', limit('SELL', '50001', '0.004'))
    exchange.takeEvents()
    place(exchange, 'a', 'm', limit('BUY', '50001', '0.015'))
    expect(told(exchange.takeEvents())).toEqual([
      'a NEW NEW m 0/0.015',
      'a TRADE PARTIALLY_FILLED m 0.002/0.015 0.002@50000.5 T',
      'b TRADE FILLED inside 0.002/0.002 0.002@50000.5 M',
      'a TRADE PARTIALLY_FILLED m 0.007/0.015 0.005@50001 T',
      'a TRADE PARTIALLY_FILLED m 0.011/0.015 0.004@50001 T',
      'c TRADE FILLED behind 0.004/0.004 0.004@50001 M',
    ])
    expect(levels(exchange)).toBe('50001x0.004 49999x0.005 49998x0.02 | 50002x0.02')
  })

  it('that the outside book comes to cross fill against it, at their own price', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'l', limit('BUY', '50000', '0.01'))
    exchange.takeEvents()
    exchange.applyMarket(
      change(
        [
          [499_990, 0],
          [499_980, 0],
          [499_900, 5],
        ],
        [[499_950, 4]],
        START + 9,
      ),
    )
    expect(told(exchange.takeEvents())).toEqual([
      'a TRADE PARTIALLY_FILLED l 0.004/0.01 0.004@50000 M',
    ])
    expect(levels(exchange)).toBe('50000x0.006 49990x0.005 | 50001x0.005 50002x0.02')
  })

  it.each([
    ['IOC', 'EXPIRED', '0.005', 2],
    ['GTC', 'PARTIALLY_FILLED', '0.005', 0],
  ] as const)('%s with more than is there: %s', (timeInForce, status, filled, expiryReason) => {
    const exchange = openExchange()
    const order = place(exchange, 'a', 'l', limit('BUY', '50001', '0.008', { timeInForce }))
    expect(order).toMatchObject({ status, executedQuantity: filled, expiryReason })
  })

  it('FOK fills all or is refused, GTX rests or is refused', () => {
    const exchange = openExchange()
    const fok = limit('BUY', '50001', '0.008', { timeInForce: 'FOK' })
    expect(refusalOf(exchange.placeOrder('a', fok))).toBe('FOK_NOT_FILLED')
    expect(must(exchange.placeOrder('a', { ...fok, price: '50002' })).status).toBe('FILLED')
    const gtx = limit('BUY', '50002', '0.008', { timeInForce: 'GTX' })
    expect(refusalOf(exchange.placeOrder('a', gtx))).toBe('GTX_WOULD_TAKE')
    expect(must(exchange.placeOrder('a', { ...gtx, price: '50001' })).status).toBe('NEW')
  })

  it('GTD expires at its date', () => {
    const exchange = openExchange()
    const goodTillDate = START + 700_000
    place(exchange, 'a', 'l', limit('BUY', '49000', '0.01', { timeInForce: 'GTD', goodTillDate }))
    exchange.advanceTo(goodTillDate - 1)
    expect(exchange.openOrders('a')).toHaveLength(1)
    exchange.advanceTo(goodTillDate)
    expect(exchange.openOrders('a')).toEqual([])
    expect(exchange.order('a', SYMBOL, { clientOrderId: 'l' })?.status).toBe('EXPIRED')
  })
})

describe('an account against itself', () => {
  it.each([
    ['EXPIRE_TAKER', ['a EXPIRED EXPIRED_IN_MATCH in 0/0.01 er1']],
    [
      'EXPIRE_MAKER',
      ['a EXPIRED EXPIRED_IN_MATCH rest 0/0.004 er1', 'a TRADE FILLED in 0.01/0.01 0.01@50000.5 T'],
    ],
    [
      'EXPIRE_BOTH',
      ['a EXPIRED EXPIRED_IN_MATCH rest 0/0.004 er1', 'a EXPIRED EXPIRED_IN_MATCH in 0/0.01 er1'],
    ],
    [
      'NONE',
      [
        'a TRADE PARTIALLY_FILLED in 0.004/0.01 0.004@50000.5 T',
        'a TRADE FILLED rest 0.004/0.004 0.004@50000.5 M',
        'a TRADE FILLED in 0.01/0.01 0.006@50000.5 T',
      ],
    ],
  ] as const)('%s', (selfTradePrevention, lines) => {
    const exchange = openExchange()
    place(exchange, 'a', 'rest', limit('SELL', '50000.5', '0.004'))
    place(exchange, 'b', 'other', limit('SELL', '50000.5', '0.02'))
    exchange.takeEvents()
    place(exchange, 'a', 'in', limit('BUY', '50000.5', '0.01', { selfTradePrevention }))
    expect(told(exchange.takeEvents(), 'a').slice(1)).toEqual(lines)
  })
})

describe('amending', () => {
  it('goes to the end of the queue and keeps what has filled', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'l', limit('BUY', '49999.5', '0.01'))
    place(exchange, 'b', 'k', limit('BUY', '49999.5', '0.01'))
    exchange.applyMarket(print(499_995, 4, 1, START + 1))
    exchange.takeEvents()
    const more = { side: 'BUY', price: '49999.5', quantity: '0.012', modifyId: 9 } as const
    must(exchange.amendOrder('a', SYMBOL, { clientOrderId: 'l' }, more))
    exchange.applyMarket(print(499_995, 12, 1, START + 2))
    expect(told(exchange.takeEvents())).toEqual([
      'a AMENDMENT PARTIALLY_FILLED l 0.004/0.012',
      'b TRADE FILLED k 0.01/0.01 0.01@49999.5 M',
      'a TRADE PARTIALLY_FILLED l 0.006/0.012 0.002@49999.5 M',
    ])
    expect(refusalOf(exchange.amendOrder('a', SYMBOL, { clientOrderId: 'l' }, more))).toBe(
      'AMEND_UNCHANGED',
    )
  })

  it('to what has filled already, or post-only through the market, cancels', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'l', limit('BUY', '49999.5', '0.01'))
    exchange.applyMarket(print(499_995, 4, 1, START + 1))
    const less = { side: 'BUY', price: '49999.5', quantity: '0.004' } as const
    expect(must(exchange.amendOrder('a', SYMBOL, { clientOrderId: 'l' }, less)).status).toBe(
      'CANCELED',
    )
    place(exchange, 'a', 'g', limit('BUY', '49999.5', '0.01', { timeInForce: 'GTX' }))
    const through = { side: 'BUY', price: '50001', quantity: '0.01' } as const
    expect(must(exchange.amendOrder('a', SYMBOL, { clientOrderId: 'g' }, through)).status).toBe(
      'CANCELED',
    )
  })

  it('counts from then on: prints from before it do nothing', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'l', limit('BUY', '49000', '0.01'))
    exchange.advanceTo(START + 100)
    const better = { side: 'BUY', price: '49999.5', quantity: '0.01' } as const
    must(exchange.amendOrder('a', SYMBOL, { clientOrderId: 'l' }, better))
    exchange.takeEvents()
    exchange.applyMarket(print(499_950, 4, 1, START + 99))
    expect(told(exchange.takeEvents())).toEqual([])
    exchange.applyMarket(print(499_950, 4, 1, START + 100))
    expect(told(exchange.takeEvents())).toHaveLength(1)
  })

  it('into the market takes', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'l', limit('BUY', '49999.5', '0.004'))
    const through = { side: 'BUY', price: '50001', quantity: '0.004' } as const
    expect(must(exchange.amendOrder('a', SYMBOL, { clientOrderId: 'l' }, through)).status).toBe(
      'FILLED',
    )
  })
})

describe('reduce-only orders', () => {
  it('that a better one leaves nothing to reduce expire with reason 4', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'open', market('BUY', '0.01'))
    place(exchange, 'a', 'far', limit('SELL', '50100', '0.01', { reduceOnly: true }))
    expect(
      refusalOf(exchange.placeOrder('a', limit('SELL', '50200', '0.01', { reduceOnly: true }))),
    ).toBe('REDUCE_ONLY_CONFLICT')
    place(exchange, 'a', 'near', limit('SELL', '50050', '0.01', { reduceOnly: true }))
    exchange.takeEvents()
    exchange.applyMarket(print(500_600, 4, 0, START + 5))
    expect(told(exchange.takeEvents())).toEqual([
      'a TRADE PARTIALLY_FILLED near 0.004/0.01 0.004@50050 M',
      'a EXPIRED EXPIRED far 0/0.01 er4',
    ])
    place(exchange, 'a', 'out', market('SELL', '0.006'))
    expect(told(exchange.takeEvents(), 'a').at(-1)).toBe('a EXPIRED EXPIRED near 0.004/0.01 er4')
  })
})

describe('ids', () => {
  it('of clients are unique among open orders only; the exchange tells the latest of an id', () => {
    const exchange = openExchange()
    const first = place(exchange, 'a', 'x', limit('BUY', '49000', '0.01'))
    expect(
      refusalOf(exchange.placeOrder('a', limit('BUY', '49000', '0.01', { clientOrderId: 'x' }))),
    ).toBe('CLIENT_ORDER_ID_IN_USE')
    must(exchange.cancelOrder('a', SYMBOL, { clientOrderId: 'x' }))
    expect(refusalOf(exchange.cancelOrder('a', SYMBOL, { clientOrderId: 'x' }))).toBe(
      'ORDER_UNKNOWN',
    )
    const second = place(exchange, 'a', 'x', limit('BUY', '49000', '0.02'))
    expect(second.orderId).toBe(first.orderId + 1)
    expect(exchange.order('a', SYMBOL, { clientOrderId: 'x' })?.quantity).toBe('0.02')
    expect(exchange.order('a', SYMBOL, { orderId: first.orderId })?.status).toBe('CANCELED')
    expect(exchange.order('b', SYMBOL, { orderId: first.orderId })).toBeNull()
  })
})

describe('an old print', () => {
  it('does not take from a book that is newer, a new one does', () => {
    const exchange = openExchange()
    exchange.applyMarket(book([[499_990, 5]], [[500_010, 5]], START + 50))
    exchange.applyMarket(print(500_010, 3, 0, START + 40))
    expect(levels(exchange)).toBe('49999x0.005 | 50001x0.005')
    exchange.applyMarket(print(500_010, 3, 0, START + 60))
    expect(levels(exchange)).toBe('49999x0.005 | 50001x0.002')
  })
})

describe('countdown', () => {
  it('cancels plain orders unless it is wound up again', () => {
    const exchange = openExchange()
    place(exchange, 'a', 'l', limit('BUY', '49000', '0.01'))
    must(exchange.countdownCancelAll('a', SYMBOL, 1000))
    exchange.advanceTo(START + 900)
    must(exchange.countdownCancelAll('a', SYMBOL, 1000))
    exchange.advanceTo(START + 1899)
    expect(exchange.openOrders('a')).toHaveLength(1)
    exchange.advanceTo(START + 1900)
    expect(exchange.openOrders('a')).toEqual([])
    place(exchange, 'a', 'l', limit('BUY', '49000', '0.01'))
    must(exchange.countdownCancelAll('a', SYMBOL, 1000))
    must(exchange.countdownCancelAll('a', SYMBOL, 0))
    exchange.advanceTo(START + 9000)
    expect(exchange.openOrders('a')).toHaveLength(1)
  })
})

describe('hooks', () => {
  it.each([
    ['expire', ['a EXPIRED EXPIRED l 0.004/0.008 er9']],
    ['stay', []],
  ] as const)('let an order fill in part and %s', (rest, last) => {
    const exchange = openExchange({ hooks: { onEntry: () => ({ kind: 'part', part: 0.5, rest }) } })
    place(exchange, 'a', 'l', limit('BUY', '50001', '0.008'))
    expect(told(exchange.takeEvents())).toEqual([
      'a NEW NEW l 0/0.008',
      'a TRADE PARTIALLY_FILLED l 0.004/0.008 0.004@50001 T',
      ...last,
    ])
    exchange.applyMarket(print(499_000, 99, 1, START + 9))
    expect(told(exchange.takeEvents())).toEqual([])
  })

  it('let a cancel come too late', () => {
    const exchange = openExchange({ hooks: { onCancel: () => 'fill' } })
    place(exchange, 'a', 'l', limit('BUY', '49000', '0.008'))
    expect(refusalOf(exchange.cancelOrder('a', SYMBOL, { clientOrderId: 'l' }))).toBe(
      'ORDER_UNKNOWN',
    )
    expect(exchange.order('a', SYMBOL, { clientOrderId: 'l' })?.status).toBe('FILLED')
    expect(exchange.money().balanced).toBe(true)
  })

  it('let a cancel of an order that only reduces come too late: it fills itself, not all of the position', () => {
    const exchange = openExchange({ hooks: { onCancel: () => 'fill' } })
    place(exchange, 'a', 'l', limit('BUY', '50001', '0.01'))
    place(exchange, 'a', 'x', limit('SELL', '51000', '0.004', { reduceOnly: true }))
    expect(refusalOf(exchange.cancelOrder('a', SYMBOL, { clientOrderId: 'x' }))).toBe(
      'ORDER_UNKNOWN',
    )
    expect(exchange.order('a', SYMBOL, { clientOrderId: 'x' })).toMatchObject({
      status: 'FILLED',
      executedQuantity: '0.004',
    })
    expect(exchange.money().balanced).toBe(true)
  })
})
