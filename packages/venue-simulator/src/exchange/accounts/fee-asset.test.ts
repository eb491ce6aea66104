import { describe, expect, it } from '@jest/globals'
import { dec } from '@tapedeck/core'
import { isPrivate, type Exchange, type ExchangeEvent } from '../index.ts'
import { SYMBOL, limit, market, must, openExchange, print } from '../testing/open-exchange.ts'

const BNB = { asset: 'BNB', balance: '0.1', price: '600' }

/** `d` pays in BNB; its events so far are taken. */
const withBnb = (balance = BNB.balance): Exchange => {
  const exchange = openExchange()
  exchange.openAccount('d', { balance: '100000', feeAsset: { ...BNB, balance } })
  exchange.takeEvents()
  return exchange
}

const balancesOf = (events: readonly ExchangeEvent[]): readonly unknown[] =>
  events.filter(isPrivate).flatMap((event) => (event.kind === 'balance' ? event.balances : []))

describe('commissions in another asset', () => {
  it('are a tenth less, and leave the wallet alone', () => {
    const exchange = withBnb()
    must(exchange.placeOrder('d', market('BUY', '0.004')))
    // 0.004 * 50001 * 0.05 % * 0.9 / 600
    const fee = '0.00015'
    expect(exchange.tradesOf('d')).toMatchObject([{ commission: fee, commissionAsset: 'BNB' }])
    expect(exchange.balance('d')?.walletBalance).toBe('100000')
    expect(exchange.account('d')?.feeAsset).toEqual({
      asset: 'BNB',
      walletBalance: '0.09985',
      price: '600',
      burns: true,
    })
    expect(exchange.income('d').at(-1)).toMatchObject({
      type: 'COMMISSION',
      asset: 'BNB',
      amount: `-${fee}`,
    })
    expect(balancesOf(exchange.takeEvents())).toEqual([
      { asset: 'USDT', walletBalance: '100000', crossWalletBalance: '100000', change: '0' },
      { asset: 'BNB', walletBalance: '0.09985', crossWalletBalance: '0.09985', change: '0' },
    ])
    expect(exchange.money().balanced).toBe(true)
  })

  it('of a maker, too', () => {
    const exchange = withBnb()
    must(exchange.placeOrder('d', limit('BUY', '49999.5', '0.004')))
    exchange.applyMarket(print(499_995, 4, 1))
    const [trade] = exchange.tradesOf('d')
    expect(trade).toMatchObject({ maker: true, commissionAsset: 'BNB', commission: '0.00006' })
  })

  it.each([
    ['there is too little of it', '0.00014999'],
    ['there is none of it', '0'],
  ])('are in the margin asset, in full, where %s', (_, balance) => {
    const exchange = withBnb(balance)
    must(exchange.placeOrder('d', market('BUY', '0.004')))
    expect(exchange.tradesOf('d')).toMatchObject([
      { commission: '0.100002', commissionAsset: 'USDT' },
    ])
    expect(exchange.account('d')?.feeAsset?.walletBalance).toBe(balance)
    expect(balancesOf(exchange.takeEvents())).toHaveLength(1)
    expect(exchange.money().balanced).toBe(true)
  })

  it('are in the margin asset while that is off, and for rebates', () => {
    const exchange = withBnb()
    must(exchange.setFeeBurn('d', false))
    must(exchange.placeOrder('d', market('BUY', '0.001')))
    must(exchange.setFeeBurn('d', true))
    must(exchange.placeOrder('d', market('BUY', '0.001')))
    expect(exchange.tradesOf('d').map(({ commissionAsset }) => commissionAsset)).toEqual([
      'USDT',
      'BNB',
    ])
    exchange.openAccount('e', { balance: '1000', takerFeePercent: -0.01, feeAsset: BNB })
    must(exchange.placeOrder('e', market('BUY', '0.001')))
    expect(exchange.tradesOf('e')[0]?.commissionAsset).toBe('USDT')
    expect(exchange.setFeeBurn('a', true).ok).toBe(false)
    expect(exchange.setFeeBurn('a', false).ok).toBe(true)
  })

  it('are never more than there is, however many fills', () => {
    const exchange = withBnb('0.001')
    for (let i = 0; i < 12; i++)
      must(exchange.placeOrder('d', market(i % 2 === 0 ? 'BUY' : 'SELL', '0.002')))
    const { feeAsset } = exchange.account('d')!
    expect(dec(feeAsset!.walletBalance).gte(0)).toBe(true)
    expect(exchange.money().balanced).toBe(true)
    expect(exchange.positions('d')).toEqual([])
  })

  it('liquidation takes none, and clears in the margin asset', () => {
    const exchange = withBnb()
    must(exchange.placeOrder('d', market('BUY', '0.004')))
    const before = exchange.account('d')?.feeAsset?.walletBalance
    must(exchange.liquidate('d', SYMBOL))
    expect(exchange.tradesOf('d').at(-1)?.commission).toBe('0')
    expect(exchange.income('d').at(-1)).toMatchObject({ type: 'INSURANCE_CLEAR', asset: 'USDT' })
    expect(exchange.account('d')?.feeAsset?.walletBalance).toBe(before)
  })

  it.each([
    [{ ...BNB, asset: 'USDT' }, 'fee asset USDT'],
    [{ ...BNB, asset: 'bnb' }, 'fee asset bnb'],
    [{ ...BNB, balance: '-1' }, 'balance of BNB is -1'],
    [{ ...BNB, price: '0' }, 'price of BNB is 0'],
    [{ ...BNB, price: 'much' }, 'price of BNB is much'],
  ])('%j cannot be one, and opens no account', (feeAsset, problem) => {
    const exchange = openExchange()
    expect(() => exchange.openAccount('d', { feeAsset })).toThrow(problem)
    expect(exchange.hasAccount('d')).toBe(false)
  })
})
