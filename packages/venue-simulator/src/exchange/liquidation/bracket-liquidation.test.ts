import { describe, expect, it } from '@jest/globals'
import { dec, sum } from '@tapedeck/core'
import { isPrivate, type Exchange, type ExchangeEvent } from '../index.ts'
import {
  START,
  STEEP,
  SYMBOL,
  book,
  limit,
  mark,
  market,
  must,
  openExchange,
  told,
} from '../testing/open-exchange.ts'
import { deep } from '../testing/leveraged.ts'

const lines = (events: readonly ExchangeEvent[], account?: string): string[] =>
  told(events, account).map((line) => line.replaceAll(/autoclose-\d+/g, 'autoclose'))

/** `a` is long 1.8 BTC at 50001 with 4650 in the wallet. */
const large = (
  given: { readonly isolated?: boolean; readonly insuranceFund?: string } = {},
): Exchange => {
  const { isolated = false, ...options } = given
  const exchange = openExchange({ instruments: [STEEP], ...options })
  deep(exchange)
  must(exchange.withdraw('a', '95350'))
  if (isolated) must(exchange.setMarginType('a', SYMBOL, 'ISOLATED'))
  must(exchange.placeOrder('a', market('BUY', '1.8', { clientOrderId: 'open' })))
  exchange.takeEvents()
  return exchange
}

const liquidated = (exchange: Exchange): readonly string[] =>
  exchange
    .takeEvents()
    .flatMap((event) =>
      event.kind === 'liquidation'
        ? [`${event.liquidation.executedQuantity} ${event.liquidation.status}`]
        : [],
    )

describe('liquidation bracket by bracket', () => {
  it('goes down to the highest bracket that the margin suffices for, and no further', () => {
    const exchange = large()
    must(exchange.placeOrder('a', limit('SELL', '51000', '0.1', { clientOrderId: 'l' })))
    exchange.takeEvents()
    exchange.applyMarket(mark(48_950, START + 1))
    const events = exchange.takeEvents()
    // 30000 / 48950 are 0.612 BTC: the rest of 1.8 goes, in the book, for half a percent.
    expect(lines(events)).toEqual([
      'a EXPIRED EXPIRED l 0/0.1 er5',
      'a NEW NEW autoclose 0/1.188',
      'a CALCULATED FILLED autoclose 1.188/1.188 1.188@49999 T',
    ])
    const [position] = exchange.positions('a')
    expect(position?.quantity).toBe('0.612')
    expect(exchange.income('a').at(-1)).toMatchObject({ type: 'INSURANCE_CLEAR' })
    const fee = dec('1.188').times('49999').times('0.005')
    expect(exchange.income('a').at(-1)?.amount).toBe(fee.neg().toString())
    const { marginBalance, maintenanceMargin } = exchange.balance('a')!
    expect(Number(marginBalance)).toBeGreaterThan(Number(maintenanceMargin))
    expect(exchange.money().balanced).toBe(true)
  })

  it('goes on when the book paid too little for one step', () => {
    const exchange = large()
    // The margin is gone at 47442.7: in the book there is 0.1 BTC far below the mark, then nothing.
    exchange.applyMarket(book([[474_500, 100]], [[500_010, 5]], START + 1))
    exchange.applyMarket(mark(48_950, START + 2))
    expect(liquidated(exchange)).toEqual(['0.1 EXPIRED', '1.7 FILLED'])
    expect(exchange.positions('a')).toEqual([])
    expect(dec(exchange.balance('a')!.walletBalance).gte(0)).toBe(true)
    expect(exchange.money().balanced).toBe(true)
  })

  it('is of the whole position where the fee is more than what closing frees', () => {
    const exchange = openExchange({ instruments: [{ ...STEEP, liquidationFee: '0.06' }] })
    deep(exchange)
    must(exchange.withdraw('a', '95350'))
    must(exchange.placeOrder('a', market('BUY', '1.8')))
    exchange.takeEvents()
    exchange.applyMarket(mark(48_950, START + 1))
    expect(liquidated(exchange)).toEqual(['1.8 FILLED'])
  })

  it('of an isolated position leaves what it frees with the position', () => {
    const exchange = large({ isolated: true })
    const [before] = exchange.positions('a')
    const cross = exchange.balance('a')!.crossWalletBalance
    exchange.applyMarket(mark(48_950, START + 1))
    const [after] = exchange.positions('a')
    expect(after?.quantity).toBe('0.612')
    // Loss of 1.188 BTC by 2 USDT, and the fee.
    const paid = dec('1.188').times(2).plus(dec('1.188').times('49999').times('0.005'))
    expect(dec(after!.isolatedWallet).toString()).toBe(
      dec(before!.isolatedWallet).minus(paid).toString(),
    )
    expect(exchange.balance('a')!.crossWalletBalance).toBe(cross)
    expect(exchange.money().balanced).toBe(true)
  })

  it('of an isolated position is announced by a margin call, once', () => {
    const exchange = large({ isolated: true })
    exchange.applyMarket(mark(49_200, START + 1))
    exchange.applyMarket(mark(49_201, START + 2))
    const calls = exchange.takeEvents().filter(isPrivate)
    expect(calls).toMatchObject([
      {
        kind: 'margin_call',
        crossWalletBalance: null,
        positions: [{ symbol: SYMBOL, quantity: '1.8', marginType: 'ISOLATED' }],
      },
    ])
    exchange.applyMarket(mark(50_000, START + 3))
    exchange.applyMarket(mark(49_200, START + 4))
    expect(lines(exchange.takeEvents())).toEqual(['a margin_call'])
  })
})

/** `a` is bankrupt at a gap; `b` and `c` are short, `b` with less behind it. */
const gap = (insuranceFund: string): Exchange => {
  const exchange = large({ insuranceFund })
  must(exchange.withdraw('b', '96000'))
  must(exchange.placeOrder('b', market('SELL', '0.7')))
  must(exchange.placeOrder('c', market('SELL', '0.7')))
  must(exchange.placeOrder('b', limit('BUY', '47000', '0.1', { clientOrderId: 'open-of-b' })))
  exchange.applyMarket(book([[400_000, 5]], [[500_010, 5]], START + 1))
  exchange.takeEvents()
  exchange.applyMarket(mark(45_000, START + 2))
  return exchange
}

describe('an insurance fund that runs dry', () => {
  it('takes over what it can bear, and leaves the rest to whoever gained most by leverage', () => {
    const exchange = gap('1500')
    const events = exchange.takeEvents()
    const closed = lines(events).filter((line) => line.includes('autoclose'))
    // 47442.7 uses up the margin of a; each BTC costs the fund 2442.7 at the mark: it can take 0.614.
    expect(closed).toEqual([
      'a NEW NEW autoclose 0/1.8',
      'a CALCULATED PARTIALLY_FILLED autoclose 0.614/1.8 0.614@47442.7 T',
      'b NEW NEW adl_autoclose 0/0.7',
      'a CALCULATED PARTIALLY_FILLED autoclose 1.314/1.8 0.7@47442.7 T',
      'b CALCULATED FILLED adl_autoclose 0.7/0.7 0.7@47442.7 T',
      'c NEW NEW adl_autoclose 0/0.486',
      'a CALCULATED FILLED autoclose 1.8/1.8 0.486@47442.7 T',
      'c CALCULATED FILLED adl_autoclose 0.486/0.486 0.486@47442.7 T',
    ])
    expect(lines(events, 'b')).toContain('b CANCELED CANCELED open-of-b 0/0.1')
    expect(exchange.positions('c')[0]?.quantity).toBe('-0.214')
    expect(dec(exchange.money().insurance).gte(0)).toBe(true)
    expect(dec(exchange.balance('a')!.walletBalance).gte(0)).toBe(true)
    expect(exchange.money().balanced).toBe(true)
  })

  it('with nobody left to deleverage leaves the rest to the outside market', () => {
    const exchange = gap('0')
    expect(exchange.positions('a')).toEqual([])
    expect(exchange.positions('b')).toEqual([])
    expect(exchange.positions('c')).toEqual([])
    expect(exchange.openInterest(SYMBOL)).toBe('0')
    // What is left of the margin by rounding to a tick.
    expect(Number(exchange.money().insurance)).toBeLessThan(0.1)
    expect(exchange.money().balanced).toBe(true)
  })

  it('charges no commission to whoever is deleveraged', () => {
    const exchange = gap('0')
    expect(exchange.tradesOf('b').at(-1)).toMatchObject({ commission: '0', price: '47442.7' })
  })

  it('spares the other side of whoever is bankrupt', () => {
    const exchange = openExchange({ instruments: [STEEP], insuranceFund: '0' })
    deep(exchange)
    must(exchange.setPositionMode('c', true))
    must(exchange.setMarginType('c', SYMBOL, 'ISOLATED'))
    must(exchange.placeOrder('c', market('BUY', '1.8', { positionSide: 'LONG' })))
    must(exchange.placeOrder('c', market('SELL', '0.5', { positionSide: 'SHORT' })))
    exchange.applyMarket(book([[400_000, 5]], [[500_010, 5]], START + 1))
    exchange.applyMarket(mark(45_000, START + 2))
    expect(exchange.positions('c')).toMatchObject([{ positionSide: 'SHORT', quantity: '-0.5' }])
    expect(exchange.money().balanced).toBe(true)
  })

  it('lets the house pay what an account owes, out of its fees', () => {
    const exchange = openExchange({ insuranceFund: '0' })
    deep(exchange)
    must(exchange.withdraw('a', '99000'))
    must(exchange.setLeverage('a', SYMBOL, 100))
    must(exchange.placeOrder('a', market('BUY', '1')))
    exchange.applyMarket(book([[480_000, 90_000]], [[500_010, 5]], START + 1))
    const fees = exchange.money().fees
    must(exchange.placeOrder('a', market('SELL', '1')))
    expect(exchange.balance('a')?.walletBalance).toBe('0')
    expect(Number(exchange.money().fees)).toBeLessThan(Number(fees))
    expect(exchange.money()).toMatchObject({ insurance: '0', balanced: true })
  })
})

describe('the deleveraging queue', () => {
  it('goes by profit in shares of the wallet times the margin ratio; losers are last', () => {
    const exchange = large()
    must(exchange.withdraw('b', '90000'))
    must(exchange.placeOrder('b', market('BUY', '1')))
    must(exchange.placeOrder('c', market('BUY', '1')))
    const quantiles = (): readonly number[] =>
      ['a', 'b', 'c'].map((one) => exchange.positions(one)[0]!.adl)
    exchange.applyMarket(mark(51_000, START + 1))
    expect(quantiles()).toEqual([3, 2, 1])
    exchange.applyMarket(mark(49_900, START + 2))
    expect(quantiles()).toEqual([1, 1, 1])
  })

  it('is of one side: shorts do not stand in the queue of longs', () => {
    const exchange = large()
    must(exchange.placeOrder('c', market('SELL', '1')))
    exchange.applyMarket(mark(51_000, START + 1))
    expect(exchange.positions('c')[0]!.adl).toBe(1)
    expect(sum(['a', 'c'].map((one) => exchange.positions(one)[0]!.adl)).toNumber()).toBe(2)
  })
})
