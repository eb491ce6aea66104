import { describe, expect, it } from '@jest/globals'
import { dec } from '@tapedeck/core'
import { isPrivate, type Exchange, type ExchangeEvent } from './index.ts'
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
} from './testing/open-exchange.ts'

const deep = (exchange: Exchange, time = START): void =>
  exchange.applyMarket(book([[499_990, 90_000]], [[500_010, 90_000]], time))

/** `a` is long 1 BTC at 50001 with 1000 in the wallet, at leverage 100. */
const leveraged = (isolated = false): Exchange => {
  const exchange = openExchange()
  deep(exchange)
  must(exchange.withdraw('a', '99000'))
  must(exchange.setLeverage('a', SYMBOL, 100))
  if (isolated) must(exchange.setMarginType('a', SYMBOL, 'ISOLATED'))
  must(exchange.placeOrder('a', market('BUY', '1', { clientOrderId: 'open' })))
  exchange.takeEvents()
  return exchange
}

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

describe('isolated margin', () => {
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
