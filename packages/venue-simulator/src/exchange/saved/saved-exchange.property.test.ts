import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Exchange, type ExchangeEvent, type SavedExchange } from '../index.ts'
import { deep } from '../testing/leveraged.ts'
import { SYMBOL, limit, mark, market, must, openExchange, told } from '../testing/open-exchange.ts'
import { play, steps, type Step } from '../testing/random-steps.ts'

/** As a file would give it back. */
const through = (saved: SavedExchange): SavedExchange =>
  JSON.parse(JSON.stringify(saved)) as SavedExchange

const reopened = (exchange: Exchange): Exchange => Exchange.restore(through(exchange.snapshot()))

const begin = (): Exchange => {
  const exchange = openExchange({ maxConditionals: 6 })
  exchange.openAccount('d', { feeAsset: { asset: 'BNB', balance: '0.001', price: '600' } })
  must(exchange.deposit('d', '3000'))
  must(exchange.setPositionMode('c', true))
  must(exchange.setLeverage('b', SYMBOL, 100))
  for (const account of ['a', 'b']) must(exchange.withdraw(account, '97000'))
  return exchange
}

/** Everything that can be asked. */
const seen = (exchange: Exchange): unknown => ({
  time: exchange.time,
  money: exchange.money(),
  book: exchange.book(SYMBOL, 1000),
  ticker: exchange.bookTicker(SYMBOL),
  trades: exchange.trades(SYMBOL, 1000),
  aggregates: exchange.aggregateTrades(SYMBOL, 1000),
  klines: exchange.klines(SYMBOL, '1m', 100),
  day: exchange.dayTicker(SYMBOL),
  premium: exchange.premiumIndex(SYMBOL),
  funding: exchange.fundingRates(SYMBOL),
  interest: exchange.openInterest(SYMBOL),
  accounts: exchange.accounts().map((one) => ({
    account: exchange.account(one),
    orders: exchange.ordersOf(one),
    open: exchange.openOrders(one),
    conditionals: exchange.conditionalsOf(one),
    armed: exchange.openConditionals(one),
    trades: exchange.tradesOf(one),
    income: exchange.income(one),
  })),
})

const after = (exchange: Exchange, step: Step): readonly ExchangeEvent[] => {
  play(exchange, step)
  return exchange.takeEvents()
}

describe('an exchange that was saved and restored', () => {
  it('goes on as if nothing had been, wherever it was cut', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(60), { maxLength: 3 }), (list, cuts) => {
        const whole = begin()
        let cut = begin()
        list.forEach((step, at) => {
          if (cuts.includes(at)) cut = reopened(cut)
          expect(after(cut, step)).toEqual(after(whole, step))
        })
        expect(seen(cut)).toEqual(seen(whole))
        expect(through(reopened(cut).snapshot())).toEqual(through(whole.snapshot()))
      }),
      { numRuns: 40 },
    )
  })

  it('forgets no event that nobody took', () => {
    const exchange = openExchange()
    must(exchange.placeOrder('a', limit('BUY', '49000', '0.1')))
    const again = reopened(exchange)
    expect(again.takeEvents()).toEqual(exchange.takeEvents())
    expect(again.takeEvents()).toEqual([])
  })

  it('keeps deadlines: good-till dates, countdowns, funding', () => {
    const exchange = openExchange()
    const goodTillDate = exchange.time + 700_000
    const lasting = { timeInForce: 'GTD' as const, goodTillDate, clientOrderId: 'till' }
    must(exchange.placeOrder('a', limit('BUY', '49000', '0.1', lasting)))
    must(exchange.placeOrder('b', limit('BUY', '49000', '0.1', { clientOrderId: 'counted' })))
    must(exchange.countdownCancelAll('b', SYMBOL, 5000))
    exchange.takeEvents()
    const again = reopened(exchange)
    const end = exchange.time + 800_000
    for (const one of [exchange, again]) one.advanceTo(end)
    expect(again.order('a', SYMBOL, { clientOrderId: 'till' })?.status).toBe('EXPIRED')
    expect(again.order('b', SYMBOL, { clientOrderId: 'counted' })?.status).toBe('CANCELED')
    expect(again.takeEvents()).toEqual(exchange.takeEvents())
  })

  it('remembers for which isolated position a margin call was told', () => {
    const exchange = openExchange()
    deep(exchange)
    must(exchange.setMarginType('a', SYMBOL, 'ISOLATED'))
    must(exchange.setLeverage('a', SYMBOL, 100))
    must(exchange.placeOrder('a', market('BUY', '0.8')))
    exchange.applyMarket(mark(49_740, exchange.time + 1))
    expect(told(exchange.takeEvents(), 'a').at(-1)).toBe('a margin_call')
    const again = reopened(exchange)
    again.applyMarket(mark(49_741, exchange.time + 1))
    expect(told(again.takeEvents(), 'a')).toEqual([])
  })

  it('has the hooks that it is given', () => {
    const exchange = openExchange()
    const asked: string[] = []
    const again = Exchange.restore(through(exchange.snapshot()), {
      onEntry: (account) => {
        asked.push(account)
        return { kind: 'all' }
      },
    })
    must(again.placeOrder('a', limit('BUY', '49000', '0.1')))
    expect(asked).toEqual(['a'])
  })

  it.each([
    ['another version', { version: 99 }, {}, 'saved exchange of version 99: expected'],
    ['an order in the book', {}, { resting: [['a', 7]] }, 'the saved exchange has no order 7 of a'],
    ['a holder', {}, { holders: ['z'] }, 'the saved exchange has no account z'],
  ])('is refused for %s that is nowhere', (_, change, ofMarket, message) => {
    const saved = through(openExchange().snapshot())
    const markets = saved.markets.map((one) => Object.assign({}, one, ofMarket))
    expect(() => Exchange.restore({ ...saved, markets, ...change })).toThrow(message)
  })
})
