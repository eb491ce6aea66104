import { describe, expect, it } from '@jest/globals'
import type { Exchange, ExchangeHooks, NewConditional, TriggerOutcome } from '../index.ts'
import {
  START,
  SYMBOL,
  limit,
  mark,
  market,
  must,
  openExchange,
  print,
  refusalOf,
  told,
} from '../testing/open-exchange.ts'

const conditional = (rest: Partial<NewConditional>): NewConditional => ({
  symbol: SYMBOL,
  side: 'SELL',
  type: 'STOP_MARKET',
  clientAlgoId: 's',
  ...rest,
})

/** `a` holds 0.004. */
const held = (hooks: ExchangeHooks = {}): Exchange => {
  const exchange = openExchange({ hooks })
  must(exchange.placeOrder('a', market('BUY', '0.004')))
  exchange.takeEvents()
  return exchange
}

const LIFE = [
  'a TRIGGERING s 0',
  'a TRIGGERED s 0',
  'a NEW NEW s 0/0.004',
  'a TRADE FILLED s 0.004/0.004 0.004@49999 T',
  'a FINISHED s 0.004',
]

describe('conditional orders', () => {
  it.each<readonly [string, Partial<NewConditional>, number]>([
    ['a stop by the last price', { triggerPrice: '49999', quantity: '0.004' }, 499_990],
    ['a stop that closes', { triggerPrice: '49999', closePosition: true }, 499_990],
    [
      'a take-profit',
      { type: 'TAKE_PROFIT_MARKET', triggerPrice: '50005', quantity: '0.004' },
      500_050,
    ],
  ])('%s becomes a market order of the same client id', (_, rest, at) => {
    const exchange = held()
    const placed = must(exchange.placeConditional('a', conditional(rest)))
    expect(placed).toMatchObject({ status: 'NEW', orderId: null })
    expect(told(exchange.takeEvents())).toEqual(['a NEW s 0'])
    exchange.applyMarket(print(at > 500_000 ? at - 1 : at + 1, 1, 0, START + 1))
    expect(told(exchange.takeEvents())).toEqual([])
    exchange.applyMarket(print(at, 1, at > 500_000 ? 0 : 1, START + 2))
    expect(told(exchange.takeEvents())).toEqual(LIFE)
    const after = exchange.conditional('a', { clientAlgoId: 's' })!
    expect(after).toMatchObject({
      status: 'FINISHED',
      executedQuantity: '0.004',
      averagePrice: '49999',
    })
    expect(exchange.order('a', SYMBOL, { orderId: after.orderId! })).toMatchObject({
      clientOrderId: 's',
      type: 'MARKET',
      originalType: rest.type ?? 'STOP_MARKET',
      algoId: after.algoId,
    })
    expect(refusalOf(exchange.cancelConditional('a', { clientAlgoId: 's' }))).toBe(
      'CONDITIONAL_UNKNOWN',
    )
  })

  it('that look at the mark do not look at prints', () => {
    const exchange = held()
    const rest = { triggerPrice: '49990', quantity: '0.004', workingType: 'MARK_PRICE' } as const
    must(exchange.placeConditional('a', conditional(rest)))
    exchange.takeEvents()
    exchange.applyMarket(print(499_000, 1, 1, START))
    expect(told(exchange.takeEvents())).toEqual([])
    exchange.applyMarket(mark(49_990.05, START + 2))
    expect(told(exchange.takeEvents())).toEqual([])
    exchange.applyMarket(mark(49_989.95, START + 3))
    expect(told(exchange.takeEvents())).toEqual(LIFE)
  })

  it('a limit type rests at its price', () => {
    const exchange = held()
    const rest = { type: 'STOP', triggerPrice: '49999', price: '50010', quantity: '0.004' } as const
    must(exchange.placeConditional('a', conditional(rest)))
    exchange.applyMarket(print(499_990, 1, 1, START + 2))
    const { orderId, status } = exchange.conditional('a', { clientAlgoId: 's' })!
    expect(status).toBe('TRIGGERED')
    expect(exchange.openOrders('a')).toMatchObject([{ orderId, price: '50010', type: 'LIMIT' }])
    must(exchange.cancelOrder('a', SYMBOL, { orderId: orderId! }))
    expect(exchange.conditional('a', { clientAlgoId: 's' })).toMatchObject({
      status: 'FINISHED',
      executedQuantity: '0',
    })
  })

  it('a trailing stop becomes active, follows, and triggers at its distance', () => {
    const exchange = held()
    const rest = {
      type: 'TRAILING_STOP_MARKET',
      quantity: '0.004',
      activatePrice: '50010',
      callbackRate: '0.1',
    } as const
    expect(must(exchange.placeConditional('a', conditional(rest))).activated).toBe(false)
    exchange.takeEvents()
    exchange.applyMarket(print(500_090, 1, 0, START + 1))
    expect(told(exchange.takeEvents())).toEqual([])
    exchange.applyMarket(print(500_100, 1, 0, START + 2))
    // 50010 less 0.1 percent is 49959.99: the trigger is the tick below.
    expect(exchange.conditional('a', { clientAlgoId: 's' })).toMatchObject({
      activated: true,
      triggerPrice: '49959.9',
    })
    expect(told(exchange.takeEvents())).toEqual(['a NEW s 0'])
    exchange.applyMarket(print(501_000, 1, 0, START + 3))
    exchange.applyMarket(print(500_500, 1, 1, START + 4))
    expect(exchange.conditional('a', { clientAlgoId: 's' })?.triggerPrice).toBe('50049.9')
    expect(told(exchange.takeEvents())).toEqual([])
    exchange.applyMarket(print(500_499, 1, 1, START + 5))
    expect(exchange.conditional('a', { clientAlgoId: 's' })?.status).toBe('FINISHED')
  })

  it('are not held back by margin when placed, but when they trigger', () => {
    const exchange = openExchange()
    const rest = { side: 'BUY', triggerPrice: '50010', quantity: '100' } as const
    must(exchange.placeConditional('a', conditional(rest)))
    exchange.takeEvents()
    exchange.applyMarket(print(500_100, 1, 0, START + 1))
    expect(told(exchange.takeEvents())).toEqual(['a TRIGGERING s 0', 'a REJECTED s 0'])
    expect(exchange.conditional('a', { clientAlgoId: 's' })?.reason).toMatch(/^MARGIN_INSUFFICIENT/)
  })

  it('that close a position expire with it, and those that reduce are rejected without one', () => {
    const exchange = held()
    must(
      exchange.placeConditional('a', conditional({ triggerPrice: '49900', closePosition: true })),
    )
    const reducing = {
      triggerPrice: '49900',
      quantity: '0.004',
      reduceOnly: true,
      clientAlgoId: 'r',
    }
    must(exchange.placeConditional('a', conditional(reducing)))
    exchange.takeEvents()
    must(exchange.placeOrder('a', market('SELL', '0.004', { clientOrderId: 'out' })))
    expect(told(exchange.takeEvents()).at(-1)).toBe('a EXPIRED s 0')
    exchange.applyMarket(print(499_000, 1, 1, START + 1))
    expect(told(exchange.takeEvents())).toEqual(['a TRIGGERING r 0', 'a REJECTED r 0'])
  })

  it('of two that are reached at once the second finds nothing left', () => {
    const exchange = held()
    must(
      exchange.placeConditional('a', conditional({ triggerPrice: '49999', closePosition: true })),
    )
    const other = { triggerPrice: '49999', quantity: '0.004', reduceOnly: true, clientAlgoId: 'r' }
    must(exchange.placeConditional('a', conditional(other)))
    exchange.takeEvents()
    exchange.applyMarket(print(499_990, 1, 1, START + 1))
    expect(exchange.conditional('a', { clientAlgoId: 's' })?.status).toBe('FINISHED')
    expect(exchange.conditional('a', { clientAlgoId: 'r' })?.status).toBe('REJECTED')
  })

  it('that are protected by price wait while mark and last price are far apart', () => {
    const exchange = held()
    const rest = { triggerPrice: '47000', quantity: '0.004', priceProtect: true }
    must(exchange.placeConditional('a', conditional(rest)))
    exchange.applyMarket(print(469_000, 1, 1, START + 1))
    expect(exchange.conditional('a', { clientAlgoId: 's' })?.status).toBe('NEW')
    exchange.applyMarket(mark(47_500, START + 2))
    exchange.applyMarket(print(469_000, 1, 1, START + 3))
    expect(exchange.conditional('a', { clientAlgoId: 's' })?.status).not.toBe('NEW')
  })

  it('set off others by what they trade', () => {
    const exchange = held()
    must(exchange.placeConditional('a', conditional({ triggerPrice: '49999.5', quantity: '0.02' })))
    const next = { triggerPrice: '49998', quantity: '0.002', clientAlgoId: 't' }
    must(exchange.placeConditional('b', conditional(next)))
    exchange.takeEvents()
    exchange.applyMarket(print(499_995, 1, 1, START - 1))
    expect(exchange.conditional('b', { clientAlgoId: 't' })?.status).toBe('FINISHED')
  })
})

describe('hooks', () => {
  const outcomes: [TriggerOutcome, string[]][] = [
    ['trigger', LIFE],
    ['stick', ['a TRIGGERING s 0']],
    ['reject', ['a TRIGGERING s 0', 'a REJECTED s 0']],
    [
      'finish_empty',
      [
        'a TRIGGERING s 0',
        'a TRIGGERED s 0',
        'a NEW NEW s 0/0.004',
        'a CANCELED CANCELED s 0/0.004',
        'a FINISHED s 0',
      ],
    ],
  ]
  it.each(outcomes)('make a triggered order %s', (outcome, lines) => {
    const exchange = held({ onTrigger: () => outcome })
    must(exchange.placeConditional('a', conditional({ triggerPrice: '49999', quantity: '0.004' })))
    exchange.takeEvents()
    exchange.applyMarket(print(499_990, 1, 1, START + 2))
    expect(told(exchange.takeEvents())).toEqual(lines)
  })

  it('one that is stuck cannot be canceled, and goes on when it is let', () => {
    const exchange = held({ onTrigger: () => 'stick' })
    must(exchange.placeConditional('a', conditional({ triggerPrice: '49999', quantity: '0.004' })))
    exchange.applyMarket(print(499_990, 1, 1, START + 2))
    expect(refusalOf(exchange.cancelConditional('a', { clientAlgoId: 's' }))).toBe(
      'CONDITIONAL_TRIGGERING',
    )
    expect(exchange.openConditionals('a')).toHaveLength(1)
    exchange.takeEvents()
    must(exchange.resolveTrigger('a', { clientAlgoId: 's' }, 'trigger'))
    expect(told(exchange.takeEvents())).toEqual(LIFE.slice(1))
  })
})

describe('plain orders', () => {
  it('are canceled together, conditional ones by themselves', () => {
    const exchange = held()
    must(exchange.placeOrder('a', limit('BUY', '49000', '0.01')))
    must(
      exchange.placeConditional('a', conditional({ triggerPrice: '49900', closePosition: true })),
    )
    must(exchange.cancelAll('a', SYMBOL))
    expect([exchange.openOrders('a').length, exchange.openConditionals('a').length]).toEqual([0, 1])
    must(exchange.cancelAllConditionals('a', SYMBOL))
    expect(exchange.openConditionals('a')).toEqual([])
  })
})
