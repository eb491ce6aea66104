import { describe, expect, it } from '@jest/globals'
import { dec, sum } from '@tapedeck/core'
import fc from 'fast-check'
import type { Exchange, ExchangeEvent, ExchangeOptions, OrderView } from './index.ts'
import { STEEP, SYMBOL, must, openExchange } from './testing/open-exchange.ts'
import { play, steps, type Step } from './testing/random-steps.ts'

const ACCOUNTS = ['a', 'b', 'c', 'd']
const LITTLE = { asset: 'BNB', balance: '0.001', price: '600' }
/** Liquidations go bracket by bracket, and what they leave is deleveraged. */
const DRY = { instruments: [STEEP], insuranceFund: '20' }

/** `a` and `b` have little money, `b` at a high leverage; `c` is in hedge mode, `d` pays in BNB for a while. */
const begin = (options: Partial<ExchangeOptions> = {}): Exchange => {
  const exchange = openExchange({ maxConditionals: 6, ...options })
  exchange.openAccount('d', { balance: '3000', feeAsset: LITTLE })
  must(exchange.setPositionMode('c', true))
  must(exchange.setLeverage('b', SYMBOL, 100))
  for (const account of ['a', 'b']) must(exchange.withdraw(account, '97000'))
  exchange.takeEvents()
  return exchange
}

const run = (
  list: readonly Step[],
  after: (exchange: Exchange, events: readonly ExchangeEvent[]) => void,
  options: Partial<ExchangeOptions> = {},
) => {
  const exchange = begin(options)
  for (const step of list) {
    play(exchange, step)
    after(exchange, exchange.takeEvents())
  }
  return exchange
}

const positionOf = (exchange: Exchange, account: string): string =>
  sum(exchange.positions(account).map(({ quantity }) => quantity)).toString()

/** Signed quantity of all fills that an account was told of. */
const signed = (side: string, quantity: string) =>
  side === 'BUY' ? dec(quantity) : dec(quantity).neg()

describe('an exchange, whatever happens', () => {
  // At every mark: were there a lot more long than short, money would come or go with the mark.
  it.each<readonly [string, number, Partial<ExchangeOptions>]>([
    ['with a full fund', 60, {}],
    ['with steep brackets and a fund that runs dry', 40, DRY],
  ])('makes and loses no money, and owes nobody: %s', (_, numRuns, options) => {
    fc.assert(
      fc.property(steps, (list) => {
        run(
          list,
          (exchange) => {
            expect(exchange.money()).toMatchObject({ balanced: true })
            for (const account of ACCOUNTS) {
              const balance = exchange.balance(account)!
              expect(dec(balance.availableBalance).gte(0)).toBe(true)
              const isFlat = exchange.positions(account).every(({ quantity }) => quantity === '0')
              expect(!isFlat || dec(balance.walletBalance).gte(0)).toBe(true)
            }
          },
          options,
        )
      }),
      { numRuns },
    )
  })

  it('tells what happened: positions, fills and wallets follow from events alone', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const held = new Map(ACCOUNTS.map((account) => [account, dec(0)]))
        const wallets = new Map<string, string>()
        const filled = new Map<string, ReturnType<typeof dec>>()
        const exchange = run(list, (_, events) => {
          for (const event of events) {
            if (!('account' in event)) continue
            if (event.kind === 'balance')
              wallets.set(event.account, event.balances[0]!.walletBalance)
            if (event.kind !== 'order' || event.fill === null) continue
            const { fill, order, account } = event
            held.set(account, held.get(account)!.plus(signed(fill.side, fill.quantity)))
            const key = `${account}|${order.orderId}`
            const total = (filled.get(key) ?? dec(0)).plus(fill.quantity)
            filled.set(key, total)
            expect(total.toString()).toBe(dec(order.executedQuantity).toString())
            expect(total.lte(order.quantity)).toBe(true)
          }
        })
        for (const account of ACCOUNTS) {
          expect(held.get(account)!.toString()).toBe(positionOf(exchange, account))
          const told = wallets.get(account) ?? begin().balance(account)?.walletBalance
          expect(exchange.balance(account)?.walletBalance).toBe(told)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('numbers events without a gap, trades by one, and chains the book that it tells', () => {
    fc.assert(
      fc.property(steps, (list) => {
        let sequence: number | null = null
        let time = 0
        const trades: number[] = []
        const updates: number[] = []
        const levels = new Map<string, string>()
        const exchange = run(list, (_, events) => {
          for (const event of events) {
            expect(sequence === null || event.sequence === sequence + 1).toBe(true)
            expect(event.time).toBeGreaterThanOrEqual(time)
            ;({ sequence, time } = event)
            if (event.kind === 'trade') trades.push(event.trade.id)
            if (event.kind !== 'depth') continue
            updates.push(event.previousId, event.firstId - 1, event.lastId)
            const changes = event.bids.length + event.asks.length
            expect(event.lastId - event.previousId).toBe(changes)
            for (const [price, quantity] of event.bids) levels.set(`bid ${price}`, quantity)
            for (const [price, quantity] of event.asks) levels.set(`ask ${price}`, quantity)
          }
        })
        expect(trades).toEqual(trades.map((_, index) => trades[0]! + index))
        // Each begins where the one before ended.
        for (let i = 0; i < updates.length; i += 3)
          expect(updates.slice(i, i + 2)).toEqual(Array(2).fill(updates[i - 1] ?? updates[i]))
        const view = exchange.book(SYMBOL, 1000)!
        expect(view.lastUpdateId).toBe(updates.at(-1) ?? view.lastUpdateId)
        for (const [price, quantity] of view.bids)
          expect(levels.get(`bid ${price}`) ?? quantity).toBe(quantity)
        for (const [price, quantity] of view.asks)
          expect(levels.get(`ask ${price}`) ?? quantity).toBe(quantity)
      }),
      { numRuns: 40 },
    )
  })

  it('never shows a crossed book, and rests nothing that may not', () => {
    fc.assert(
      fc.property(steps, (list) => {
        // An outside book that is crossed in itself is shown as it is: here it never is.
        run(list.map(withWholeBook), (exchange) => {
          const { bids, asks } = exchange.book(SYMBOL, 1)!
          expect(Number(bids[0]?.[0] ?? 0)).toBeLessThan(Number(asks[0]?.[0] ?? Infinity))
          for (const account of ACCOUNTS)
            for (const order of exchange.openOrders(account)) expect(mayRest(order)).toBe(true)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('does the same for the same', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const first: ExchangeEvent[] = []
        const second: ExchangeEvent[] = []
        run(list, (_, events) => first.push(...events))
        run(list, (_, events) => second.push(...events))
        expect(second).toEqual(first)
      }),
      { numRuns: 20 },
    )
  })
})

const withWholeBook = ({ gap, act }: Step): Step =>
  act.do === 'book' ? { gap, act: { ...act, whole: true } } : { gap, act }

const mayRest = ({ type, timeInForce, status, quantity, executedQuantity }: OrderView): boolean =>
  type === 'LIMIT' &&
  timeInForce !== 'IOC' &&
  timeInForce !== 'FOK' &&
  (status === 'NEW' || status === 'PARTIALLY_FILLED') &&
  dec(executedQuantity).lt(quantity)
