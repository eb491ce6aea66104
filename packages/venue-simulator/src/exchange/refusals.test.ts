import { describe, expect, it } from '@jest/globals'
import type { Exchange, NewConditional, NewOrder } from './index.ts'
import {
  BTC,
  START,
  SYMBOL,
  limit,
  market,
  mark,
  must,
  openExchange,
  print,
  refusalOf,
} from './testing/open-exchange.ts'

/** In one-way mode, with an open order `taken` and a maximum of 5 open orders. */
const begin = (minNotional = '5'): Exchange => {
  const exchange = openExchange({ instruments: [{ ...BTC, pricePrecision: 2, minNotional }] })
  const many = minNotional === '5' ? '0.01' : '3'
  must(exchange.placeOrder('a', limit('BUY', '49000', many, { clientOrderId: 'taken' })))
  return exchange
}
const full = (exchange: Exchange): void => {
  const quantity = exchange.openOrders('a')[0]?.quantity ?? '0'
  for (let i = 0; i < 4; i++) must(exchange.placeOrder('a', limit('BUY', '49000', quantity)))
}
const broke = (exchange: Exchange): void => {
  must(exchange.withdraw('a', exchange.balance('a')!.maxWithdraw))
}

type Case = readonly [
  refusal: string,
  fault: Readonly<Record<string, unknown>>,
  prepare?: (exchange: Exchange) => void,
]

/**
 * One row a refusal, in order of precedence: an order with the faults of its row and of all rows below that
 * go together with it is refused for its own row. Rows that exclude each other are not mixed.
 */
const ROWS: readonly Case[] = [
  ['SYMBOL_UNKNOWN', { symbol: 'NONEUSDT' }],
  ['CLIENT_ORDER_ID_INVALID', { clientOrderId: 'not an id' }],
  ['POSITION_SIDE_MISMATCH', { positionSide: 'LONG' }],
  ['PARAMETER_MISSING', { timeInForce: undefined }],
  ['GOOD_TILL_DATE_INVALID', { timeInForce: 'GTD', goodTillDate: START + 600_000 }],
  ['QUANTITY_ABOVE_MAXIMUM', { quantity: '1000.001' }],
  ['PRICE_NOT_ON_TICK', { price: '60000.05' }],
  ['SYMBOL_NOT_TRADING', {}, (exchange) => must(exchange.setSymbolStatus(SYMBOL, 'CLOSE'))],
  ['CLIENT_ORDER_ID_IN_USE', { clientOrderId: 'taken' }],
  ['PRICE_ABOVE_CAP', { price: '60000' }],
  // Its minimum is higher than the order, which is that of all rows.
  ['NOTIONAL_BELOW_MINIMUM', {}],
  ['OPEN_ORDERS_ABOVE_MAXIMUM', {}, full],
  ['ACCOUNT_RESTRICTED', {}, (exchange) => must(exchange.restrict('a', true))],
  ['MARGIN_INSUFFICIENT', {}, broke],
  ['GTX_WOULD_TAKE', { timeInForce: 'GTX', price: '51000' }],
]

describe('orders are refused in order of precedence', () => {
  it.each(ROWS.map(([refusal], index) => [refusal, index] as const))('%s', (refusal, index) => {
    const exchange = begin(refusal === 'NOTIONAL_BELOW_MINIMUM' ? '100000' : '5')
    const rows = ROWS.slice(index)
    // In an order in which no preparation hinders another: the symbol is closed last.
    const [first, ...others] = rows.filter(([, , prepare]) => prepare !== undefined)
    const closing = first?.[0] === 'SYMBOL_NOT_TRADING'
    for (const row of closing ? [...others, first] : [first, ...others]) row?.[2]?.(exchange)
    const faults = rows.toReversed().flatMap(([, fault]) => Object.entries(fault))
    const order = {
      ...limit('BUY', '50005', '0.01'),
      ...(Object.fromEntries(faults) as Record<string, unknown>),
    } as Record<string, unknown>
    if (order['timeInForce'] === undefined) delete order['timeInForce']
    if (order['timeInForce'] !== 'GTD') delete order['goodTillDate']
    expect(refusalOf(exchange.placeOrder('a', order as NewOrder))).toBe(refusal)
  })

  it('and a refusal changes nothing', () => {
    const exchange = begin()
    const before = JSON.stringify([
      exchange.account('a'),
      exchange.openOrders('a'),
      exchange.book(SYMBOL, 9),
    ])
    exchange.takeEvents()
    exchange.placeOrder('a', limit('BUY', '60000', '0.01'))
    exchange.placeOrder('a', limit('BUY', '50002', '100'))
    const after = JSON.stringify([
      exchange.account('a'),
      exchange.openOrders('a'),
      exchange.book(SYMBOL, 9),
    ])
    expect(after).toBe(before)
    expect(exchange.takeEvents()).toEqual([])
  })
})

describe('words of an order', () => {
  it.each<readonly [string, NewOrder]>([
    ['PARAMETER_NOT_WANTED', { ...market('BUY', '0.01'), price: '50000' }],
    ['PARAMETER_NOT_WANTED', { ...market('BUY', '0.01'), timeInForce: 'GTC' }],
    ['PARAMETER_NOT_WANTED', limit('BUY', '49000', '0.01', { priceMatch: 'QUEUE' })],
    ['PARAMETER_NOT_WANTED', limit('BUY', '49000', '0.01', { goodTillDate: START + 900_000 })],
    ['PARAMETER_MISSING', limit('BUY', '49000', '0.01', { timeInForce: 'GTD' })],
    ['PARAMETER_MALFORMED', limit('BUY', '49000', '1e3')],
    ['PARAMETER_MALFORMED', limit('BUY', '', '0.01')],
    ['PRECISION_EXCEEDED', limit('BUY', '49000.001', '0.01')],
    ['PRECISION_EXCEEDED', limit('BUY', '49000', '0.0001')],
    ['PRICE_NOT_POSITIVE', limit('BUY', '0', '0.01')],
    ['PRICE_ABOVE_MAXIMUM', limit('BUY', '99999999', '0.01')],
    ['PRICE_NOT_ON_TICK', limit('BUY', '49000.05', '0.01')],
    ['QUANTITY_NOT_POSITIVE', limit('BUY', '49000', '0')],
    ['QUANTITY_NOT_POSITIVE', limit('BUY', '49000', '-1')],
    ['QUANTITY_ABOVE_MAXIMUM', market('BUY', '121')],
    ['PRICE_BELOW_FLOOR', limit('SELL', '40000', '0.01')],
    ['REDUCE_ONLY_REJECTED', limit('SELL', '50100', '0.01', { reduceOnly: true })],
  ])('%s', (refusal, order) => {
    const exchange = openExchange({ instruments: [{ ...BTC, pricePrecision: 2 }] })
    expect(refusalOf(exchange.placeOrder('a', order))).toBe(refusal)
    expect(refusalOf(exchange.testOrder('a', order))).toBe(refusal)
  })

  it('steps that are no power of ten are told apart from too many decimals', () => {
    const exchange = openExchange({
      instruments: [
        {
          ...BTC,
          stepSize: '0.005',
          minQuantity: '0.005',
          marketMinQuantity: '0.005',
          quantityPrecision: 3,
        },
      ],
    })
    expect(refusalOf(exchange.placeOrder('a', limit('BUY', '49000', '0.011')))).toBe(
      'QUANTITY_NOT_ON_STEP',
    )
    expect(refusalOf(exchange.placeOrder('a', limit('BUY', '49000', '0.004')))).toBe(
      'QUANTITY_BELOW_MINIMUM',
    )
  })

  it('a market order whose counterparty is out of bounds is refused', () => {
    const exchange = openExchange()
    exchange.applyMarket(mark(47_000))
    expect(refusalOf(exchange.placeOrder('a', market('BUY', '0.01')))).toBe(
      'COUNTERPARTY_PRICE_OUT_OF_BOUND',
    )
  })

  it('a position that the leverage does not allow', () => {
    const exchange = openExchange()
    must(exchange.setLeverage('a', SYMBOL, 125))
    const order = limit('BUY', '49000', '1.1')
    expect(refusalOf(exchange.placeOrder('a', order))).toBe('POSITION_ABOVE_LEVERAGE_LIMIT')
    must(exchange.placeOrder('a', { ...order, quantity: '1' }))
    expect(refusalOf(exchange.placeOrder('a', order))).toBe('POSITION_ABOVE_LEVERAGE_LIMIT')
  })

  it('nobody knows accounts that were not opened', () => {
    const exchange = openExchange()
    expect(refusalOf(exchange.placeOrder('x', market('BUY', '0.01')))).toBe('ACCOUNT_UNKNOWN')
    expect([exchange.account('x'), exchange.openOrders('x'), exchange.balance('x')]).toEqual([
      null,
      [],
      null,
    ])
  })
})

describe('prices by the book', () => {
  it.each([
    ['OPPONENT', '50001'],
    ['QUEUE', '49999'],
    ['OPPONENT_5', 'PRICE_MATCH_WITHOUT_PRICE'],
  ] as const)('%s of a buy: %s', (priceMatch, price) => {
    const exchange = openExchange()
    const { price: _, ...order } = limit('BUY', '1', '0.001', { priceMatch })
    const result = exchange.placeOrder('a', order)
    expect(result.ok ? result.value.price : result.refusal).toBe(price)
  })
})

describe('conditional orders are refused', () => {
  const stop: NewConditional = {
    symbol: SYMBOL,
    side: 'SELL',
    type: 'STOP_MARKET',
    triggerPrice: '49000',
    quantity: '0.004',
    clientAlgoId: 'x',
  }
  const { quantity: _, ...closing } = { ...stop, closePosition: true }
  const { triggerPrice: __, ...untriggered } = stop
  const trailing = { ...untriggered, type: 'TRAILING_STOP_MARKET', callbackRate: '1' } as const

  it.each<readonly [string, NewConditional]>([
    ['SYMBOL_UNKNOWN', { ...stop, symbol: 'NONEUSDT' }],
    ['CLIENT_ORDER_ID_INVALID', { ...stop, clientAlgoId: 'é' }],
    ['POSITION_SIDE_MISMATCH', { ...stop, positionSide: 'SHORT' }],
    ['CLOSE_POSITION_WITH_QUANTITY', { ...closing, quantity: '0.004' }],
    ['CLOSE_POSITION_WITH_REDUCE_ONLY', { ...closing, reduceOnly: true }],
    ['PARAMETER_NOT_WANTED', { ...closing, type: 'STOP', price: '49000' }],
    ['PARAMETER_MISSING', untriggered],
    ['PARAMETER_MISSING', { ...stop, type: 'STOP' }],
    ['PARAMETER_NOT_WANTED', { ...stop, callbackRate: '1' }],
    ['PARAMETER_NOT_WANTED', { ...stop, price: '49000' }],
    ['WOULD_TRIGGER_IMMEDIATELY', { ...trailing, triggerPrice: '49000' }],
    ['CALLBACK_RATE_INVALID', { ...trailing, callbackRate: '20.1' }],
    ['CALLBACK_RATE_INVALID', { ...trailing, callbackRate: '0.05' }],
    ['WOULD_TRIGGER_IMMEDIATELY', { ...trailing, activatePrice: '50000' }],
    ['PRICE_NOT_ON_TICK', { ...stop, triggerPrice: '49000.05' }],
    ['QUANTITY_NOT_POSITIVE', { ...stop, quantity: '0' }],
    ['CLIENT_ORDER_ID_IN_USE', { ...stop, clientAlgoId: 'taken' }],
    ['TRIGGER_ABOVE_CAP', { ...stop, type: 'TAKE_PROFIT_MARKET', triggerPrice: '250000' }],
    ['TRIGGER_BELOW_FLOOR', { ...stop, triggerPrice: '900' }],
    ['CLOSE_POSITION_WITHOUT_POSITION', { ...closing, side: 'BUY', triggerPrice: '51000' }],
    ['CLOSE_POSITION_IN_PLACE', closing],
    ['WOULD_TRIGGER_IMMEDIATELY', { ...stop, triggerPrice: '50000' }],
    ['WOULD_TRIGGER_IMMEDIATELY', { ...stop, side: 'BUY', triggerPrice: '50000' }],
    ['WOULD_TRIGGER_IMMEDIATELY', { ...stop, type: 'TAKE_PROFIT_MARKET', triggerPrice: '50000' }],
    ['WOULD_TRIGGER_IMMEDIATELY', { ...stop, workingType: 'MARK_PRICE', triggerPrice: '50000.1' }],
    ['accepted', { ...stop, triggerPrice: '49999.9' }],
    ['accepted', { ...trailing, activatePrice: '50000.2' }],
  ])('%s', (refusal, order) => {
    const exchange = openExchange({ instruments: [{ ...BTC, pricePrecision: 2 }] })
    must(exchange.placeOrder('a', market('BUY', '0.004')))
    exchange.applyMarket(print(500_000, 1, 1))
    must(exchange.placeConditional('a', { ...closing, clientAlgoId: 'taken' }))
    expect(refusalOf(exchange.placeConditional('a', order))).toBe(refusal)
  })

  it('beyond their maximum over all symbols', () => {
    const exchange = openExchange({ maxConditionals: 2 })
    const { clientAlgoId: ___, ...plain } = stop
    must(exchange.placeConditional('a', plain))
    must(exchange.placeConditional('a', plain))
    expect(refusalOf(exchange.placeConditional('a', plain))).toBe('CONDITIONALS_ABOVE_MAXIMUM')
    must(exchange.cancelAllConditionals('a', SYMBOL))
    must(exchange.placeConditional('a', plain))
  })
})

const held = (): Exchange => {
  const exchange = openExchange()
  must(exchange.placeOrder('a', market('BUY', '0.004')))
  return exchange
}
const ordered = (): Exchange => {
  const exchange = openExchange()
  must(exchange.placeOrder('a', limit('BUY', '49000', '0.004')))
  return exchange
}

describe('settings are refused', () => {
  it.each<
    readonly [string, () => Exchange, (exchange: Exchange) => Parameters<typeof refusalOf>[0]]
  >([
    ['MARGIN_TYPE_UNCHANGED', held, (one) => one.setMarginType('a', SYMBOL, 'CROSSED')],
    ['MARGIN_TYPE_WITH_ORDERS', ordered, (one) => one.setMarginType('a', SYMBOL, 'ISOLATED')],
    ['MARGIN_TYPE_WITH_POSITION', held, (one) => one.setMarginType('a', SYMBOL, 'ISOLATED')],
    ['POSITION_MODE_UNCHANGED', held, (one) => one.setPositionMode('a', false)],
    ['POSITION_MODE_WITH_ORDERS', ordered, (one) => one.setPositionMode('a', true)],
    ['POSITION_MODE_WITH_POSITIONS', held, (one) => one.setPositionMode('a', true)],
    ['LEVERAGE_INVALID', held, (one) => one.setLeverage('a', SYMBOL, 126)],
    ['LEVERAGE_INVALID', held, (one) => one.setLeverage('a', SYMBOL, 0)],
    ['LEVERAGE_INVALID', held, (one) => one.setLeverage('a', SYMBOL, 2.5)],
    ['SYMBOL_UNKNOWN', held, (one) => one.setLeverage('a', 'NONEUSDT', 2)],
    ['POSITION_NOT_ISOLATED', held, (one) => one.moveMargin('a', SYMBOL, 'BOTH', '10')],
    ['BALANCE_INSUFFICIENT', held, (one) => one.withdraw('a', '100000')],
    ['PARAMETER_MALFORMED', held, (one) => one.deposit('a', '-1')],
    ['ORDER_UNKNOWN', held, (one) => one.cancelOrder('a', SYMBOL, { orderId: 1 })],
    ['CONDITIONAL_UNKNOWN', held, (one) => one.cancelConditional('a', { algoId: 1 })],
  ])('%s', (refusal, prepare, act) => {
    expect(refusalOf(act(prepare()))).toBe(refusal)
  })

  it('a lower leverage that the margin does not suffice for', () => {
    const exchange = openExchange()
    must(exchange.placeOrder('a', limit('BUY', '49000', '20')))
    expect(refusalOf(exchange.setLeverage('a', SYMBOL, 2))).toBe('LEVERAGE_TOO_LOW_FOR_MARGIN')
    must(exchange.setLeverage('a', SYMBOL, 10))
  })
})
