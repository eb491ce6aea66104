import { describe, expect, it } from '@jest/globals'
import { dec } from '@tapedeck/core'
import { isPrivate, type Exchange, type ExchangeEvent } from '../index.ts'
import {
  BTC,
  START,
  SYMBOL,
  book,
  limit,
  mark,
  market,
  must,
  openExchange,
  refusalOf,
  told,
} from '../testing/open-exchange.ts'
import { deep, leveraged } from '../testing/leveraged.ts'

const causes = (events: readonly ExchangeEvent[]): string[] =>
  events.filter(isPrivate).flatMap((event) => (event.kind === 'balance' ? [event.cause] : []))

describe('liquidation', () => {
  it('happens where the position says it will, and not a tick before', () => {
    const exchange = leveraged()
    const price = Number(exchange.positions('a')[0]!.liquidationPrice)
    exchange.applyMarket(mark(Math.ceil(price * 10) / 10, START + 1))
    expect(exchange.positions('a')[0]?.quantity).toBe('1')
    exchange.applyMarket(mark(Math.floor(price * 10) / 10, START + 2))
    expect(exchange.positions('a')).toEqual([])
    expect(exchange.money().balanced).toBe(true)
  })

  it('expires open orders, then closes in the book, then charges the fund its fee', () => {
    const exchange = leveraged()
    must(
      exchange.placeOrder(
        'a',
        limit('SELL', '51000', '0.1', { clientOrderId: 'l', reduceOnly: true }),
      ),
    )
    exchange.takeEvents()
    exchange.applyMarket(mark(49_200, START + 1))
    const events = exchange.takeEvents()
    const lines = told(events).map((line) => line.replace(/autoclose-\d+/, 'autoclose'))
    expect(lines).toEqual([
      'a EXPIRED EXPIRED l 0/0.1 er5',
      'a NEW NEW autoclose 0/1',
      'a CALCULATED FILLED autoclose 1/1 1@49999 T',
    ])
    expect(causes(events)).toEqual(['ORDER', 'INSURANCE_CLEAR'])
    expect(events.filter(({ kind }) => kind === 'liquidation')).toMatchObject([
      { liquidation: { side: 'SELL', quantity: '1', executedQuantity: '1', status: 'FILLED' } },
    ])
    const types = exchange.income('a').map(({ type }) => type)
    expect(types.slice(-2)).toEqual(['REALIZED_PNL', 'INSURANCE_CLEAR'])
    expect(exchange.money().balanced).toBe(true)
  })

  it('leaves what the book does not take to the fund, at the price that uses up the margin', () => {
    const exchange = leveraged()
    exchange.applyMarket(book([[480_000, 5]], [[500_010, 5]], START + 1))
    const before = Number(exchange.money().insurance)
    exchange.applyMarket(mark(49_100, START + 2))
    const [trade] = exchange.tradesOf('a').slice(-1)
    // Wallet 974.9995 after the opening fee: gone at 50001 - 974.9995, on the tick above.
    expect(trade).toMatchObject({ price: '49026.1', commission: '0' })
    expect(Number(exchange.balance('a')?.walletBalance)).toBeGreaterThanOrEqual(0)
    expect(Number(exchange.balance('a')?.walletBalance)).toBeLessThan(0.11)
    // The fund holds it now: it gains what the mark is above.
    expect(Number(exchange.money().insurance)).toBeCloseTo(before + 73.9, 0)
    expect(exchange.trades(SYMBOL, 1)).toMatchObject([{ excluded: true }])
    expect(exchange.money().balanced).toBe(true)
  })

  it('through a gap costs the fund, never the account more than it has', () => {
    const exchange = leveraged()
    exchange.applyMarket(book([[400_000, 5]], [[500_010, 5]], START + 1))
    exchange.applyMarket(mark(45_000, START + 2))
    expect(Number(exchange.balance('a')?.walletBalance)).toBeGreaterThanOrEqual(0)
    expect(Number(exchange.money().insurance)).toBeLessThan(996_100)
    expect(exchange.money().balanced).toBe(true)
  })

  it('of an isolated position takes its own wallet and no more', () => {
    const exchange = leveraged(true)
    must(exchange.deposit('a', '5000'))
    expect(exchange.positions('a')[0]).toMatchObject({ isolatedWallet: '500.01' })
    exchange.applyMarket(book([[400_000, 5]], [[500_010, 5]], START + 1))
    const before = dec(exchange.balance('a')!.crossWalletBalance)
    exchange.applyMarket(mark(49_600, START + 2))
    expect(exchange.positions('a')).toEqual([])
    const after = dec(exchange.balance('a')!.walletBalance)
    expect(after.gte(before)).toBe(true)
    expect(after.minus(before).lt(1)).toBe(true)
  })

  it('is announced by a margin call, once', () => {
    const exchange = leveraged()
    exchange.applyMarket(mark(49_260, START + 1))
    exchange.applyMarket(mark(49_261, START + 2))
    expect(told(exchange.takeEvents())).toEqual(['a margin_call'])
    exchange.applyMarket(mark(50_000, START + 3))
    exchange.applyMarket(mark(49_260, START + 4))
    expect(told(exchange.takeEvents())).toEqual(['a margin_call'])
  })

  it('on demand closes a healthy position in the market', () => {
    const exchange = leveraged()
    must(exchange.deposit('a', '50000'))
    must(exchange.liquidate('a', SYMBOL))
    expect(exchange.tradesOf('a').at(-1)?.price).toBe('49999')
    expect(Number(exchange.balance('a')!.walletBalance)).toBeGreaterThan(50_000)
    expect(refusalOf(exchange.liquidate('a', SYMBOL))).toBe('REDUCE_ONLY_REJECTED')
  })
})

describe('two symbols on one wallet', () => {
  const ETH = { ...BTC, symbol: 'ETHUSDT', baseAsset: 'ETH' }
  /** `a` is long 1 BTC at 50001 and short 2 ETH (at the same prices) at 49999, with 3000. */
  const both = (): Exchange => {
    const exchange = openExchange({ instruments: [BTC, ETH], leverage: 100 })
    deep(exchange)
    const eth = book([[499_990, 90_000]], [[500_010, 90_000]])
    exchange.applyMarket({ ...eth, symbol: 'ETHUSDT' })
    exchange.applyMarket({ ...mark(50_000), symbol: 'ETHUSDT' })
    must(exchange.withdraw('a', '97000'))
    must(exchange.placeOrder('a', market('BUY', '1')))
    must(exchange.placeOrder('a', { ...market('SELL', '2'), symbol: 'ETHUSDT' }))
    exchange.takeEvents()
    return exchange
  }

  it('carry each other: a loss on one is made up for by the other', () => {
    const exchange = both()
    exchange.applyMarket({ ...mark(48_800, START + 1), symbol: 'ETHUSDT' })
    exchange.applyMarket(mark(46_000, START + 2))
    expect(exchange.positions('a')).toHaveLength(2)
    const { marginBalance, maintenanceMargin } = exchange.balance('a')!
    expect(Number(marginBalance)).toBeGreaterThan(Number(maintenanceMargin))
  })

  it('are liquidated one after another, the one that needs most first', () => {
    const exchange = both()
    exchange.applyMarket({ ...mark(51_300, START + 1), symbol: 'ETHUSDT' })
    const closed = exchange
      .takeEvents()
      .flatMap((event) => (event.kind === 'liquidation' ? [event.liquidation.symbol] : []))
    expect(closed).toEqual(['ETHUSDT'])
    expect(exchange.positions('a')).toMatchObject([{ symbol: SYMBOL, quantity: '1' }])
    exchange.applyMarket(mark(40_000, START + 2))
    expect(exchange.positions('a')).toEqual([])
    expect(Number(exchange.balance('a')!.walletBalance)).toBeGreaterThanOrEqual(0)
    expect(exchange.money().balanced).toBe(true)
  })
})

describe('a loss in a market that the mark does not follow', () => {
  it('is never more than the account has', () => {
    const exchange = leveraged()
    exchange.applyMarket(book([[480_000, 90_000]], [[500_010, 5]], START + 1))
    must(exchange.placeOrder('a', market('SELL', '1')))
    expect(exchange.balance('a')?.walletBalance).toBe('0')
    expect(exchange.income('a').at(-1)).toMatchObject({ type: 'INSURANCE_CLEAR' })
    expect(exchange.money().balanced).toBe(true)
  })
})

describe('isolated margin', () => {
  it('is announced', () => {
    const exchange = openExchange()
    must(exchange.setMarginType('a', SYMBOL, 'ISOLATED'))
    expect(exchange.takeEvents()).toMatchObject([
      { cause: 'MARGIN_TYPE_CHANGE', positions: [{ marginType: 'ISOLATED', quantity: '0' }] },
    ])
  })

  it('comes with what opens, goes with what closes, and can be moved', () => {
    const exchange = leveraged(true)
    must(exchange.placeOrder('a', market('SELL', '0.25')))
    // A quarter of 500.01 came back to the cross wallet, less the loss of 2 ticks of 10 on 0.25.
    expect(exchange.positions('a')[0]).toMatchObject({
      quantity: '0.75',
      isolatedWallet: '375.0075',
    })
    must(exchange.moveMargin('a', SYMBOL, 'BOTH', '100'))
    expect(exchange.positions('a')[0]?.isolatedWallet).toBe('475.0075')
    expect(refusalOf(exchange.moveMargin('a', SYMBOL, 'BOTH', '-200'))).toBe('MARGIN_INSUFFICIENT')
    must(exchange.moveMargin('a', SYMBOL, 'BOTH', '-90'))
    expect(refusalOf(exchange.setLeverage('a', SYMBOL, 50))).toBe('LEVERAGE_REDUCTION_ISOLATED')
    must(exchange.placeOrder('a', market('SELL', '0.75')))
    const balance = exchange.balance('a')!
    expect(balance.crossWalletBalance).toBe(balance.walletBalance)
  })
})
