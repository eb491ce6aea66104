import { describe, expect, it } from '@jest/globals'
import { isPrivate } from './index.ts'
import { deep, leveraged } from './testing/leveraged.ts'
import {
  START,
  SYMBOL,
  limit,
  mark,
  market,
  must,
  openExchange,
  refusalOf,
  told,
} from './testing/open-exchange.ts'

describe('deleveraging and settlement', () => {
  it('deleveraging closes lots at a price against the fund', () => {
    const exchange = leveraged()
    must(exchange.deleverage('a', SYMBOL, { quantity: '0.4', price: '50100' }))
    const lines = told(exchange.takeEvents()).map((line) => line.replace(/-\d+/, ''))
    expect(lines).toEqual([
      'a NEW NEW adl_autoclose 0/0.4',
      'a CALCULATED FILLED adl_autoclose 0.4/0.4 0.4@50100 T',
    ])
    expect(exchange.positions('a')[0]?.quantity).toBe('0.6')
    expect(exchange.money().balanced).toBe(true)
  })

  it('settlement expires orders (7), closes positions at the mark, and closes the symbol', () => {
    const exchange = leveraged()
    must(exchange.placeOrder('b', limit('BUY', '49000', '0.1', { clientOrderId: 'l' })))
    exchange.takeEvents()
    must(exchange.settle(SYMBOL))
    const lines = told(exchange.takeEvents()).map((line) => line.replace(/-\d+/, ''))
    expect(lines).toEqual([
      'a NEW NEW settlement_autoclose 0/1',
      'a CALCULATED FILLED settlement_autoclose 1/1 1@50000 T',
      'b EXPIRED EXPIRED l 0/0.1 er7',
    ])
    expect(refusalOf(exchange.placeOrder('b', limit('BUY', '49000', '0.1')))).toBe(
      'SYMBOL_NOT_TRADING',
    )
    expect(exchange.instrument(SYMBOL)?.status).toBe('CLOSE')
  })

  it('a symbol that is settling takes only what reduces', () => {
    const exchange = leveraged()
    must(exchange.setSymbolStatus(SYMBOL, 'SETTLING'))
    expect(refusalOf(exchange.placeOrder('a', market('SELL', '0.1')))).toBe('SYMBOL_NOT_TRADING')
    must(exchange.placeOrder('a', market('SELL', '0.1', { reduceOnly: true })))
  })

  it('ranks positions of a side by leveraged gain', () => {
    const exchange = leveraged()
    must(exchange.placeOrder('b', market('BUY', '1')))
    exchange.applyMarket(mark(51_000, START + 1))
    const [a, b] = ['a', 'b'].map((one) => exchange.positions(one)[0]!.adl)
    expect([a, b]).toEqual([3, 1])
  })
})

describe('funding', () => {
  it('is paid by longs at its time, once, on the mark that was told last', () => {
    const exchange = leveraged()
    must(exchange.placeOrder('b', market('SELL', '0.5')))
    const next = START + 1_000_000
    exchange.applyMarket(mark(50_100, START + 10, { rate: 0.0002, next }))
    exchange.takeEvents()
    exchange.advanceTo(next - 1)
    expect(exchange.takeEvents().filter(isPrivate)).toEqual([])
    exchange.applyMarket(mark(50_200, next + 5, { rate: 0.0009, next: next + 28_800_000 }))
    const paid = exchange
      .takeEvents()
      .filter(isPrivate)
      .flatMap((event) => (event.kind === 'balance' ? [event] : []))
    expect(paid).toMatchObject([
      {
        account: 'a',
        time: next,
        cause: 'FUNDING_FEE',
        symbol: SYMBOL,
        positions: [],
        balances: [{ change: '-10.02' }],
      },
      { account: 'b', time: next, positions: [], balances: [{ change: '5.01' }] },
    ])
    expect(exchange.fundingRates(SYMBOL)).toMatchObject([{ fundingTime: next, markPrice: '50100' }])
    exchange.advanceTo(next + 1000)
    expect(exchange.takeEvents().filter(isPrivate)).toEqual([])
    expect(exchange.money().balanced).toBe(true)
  })

  it('of an isolated position comes out of its wallet and names it', () => {
    const exchange = leveraged(true)
    must(exchange.fund(SYMBOL, 0.001))
    const event = exchange.takeEvents().find(isPrivate)
    expect(event).toMatchObject({
      positions: [{ isolatedWallet: '450.01' }],
      balances: [{ change: '-50' }],
    })
  })
})

describe('hedge mode', () => {
  it('holds both sides, and closes no more than there is', () => {
    const exchange = openExchange()
    deep(exchange)
    must(exchange.setPositionMode('a', true))
    must(exchange.placeOrder('a', market('BUY', '1', { positionSide: 'LONG' })))
    must(exchange.placeOrder('a', market('SELL', '0.4', { positionSide: 'SHORT' })))
    expect(exchange.positions('a')).toMatchObject([
      { positionSide: 'LONG', quantity: '1' },
      { positionSide: 'SHORT', quantity: '-0.4' },
    ])
    must(exchange.placeOrder('a', market('BUY', '0.4', { positionSide: 'SHORT' })))
    expect(
      refusalOf(exchange.placeOrder('a', market('BUY', '0.4', { positionSide: 'SHORT' }))),
    ).toBe('REDUCE_ONLY_REJECTED')
    const reduceOnly = market('SELL', '0.4', { positionSide: 'LONG', reduceOnly: true })
    expect(refusalOf(exchange.placeOrder('a', reduceOnly))).toBe('PARAMETER_NOT_WANTED')
    expect(refusalOf(exchange.placeOrder('a', market('SELL', '0.4')))).toBe(
      'POSITION_SIDE_MISMATCH',
    )
  })
})
