import { describe, expect, it } from '@jest/globals'
import { dec } from '@tapedeck/core'
import fc from 'fast-check'
import { Exchange, isPrivate, type ExchangeEvent, type UserTrade } from '../index.ts'
import { START, STEEP, SYMBOL, book, mark, market } from '../testing/open-exchange.ts'
import { deep } from '../testing/leveraged.ts'

/** Somebody with a position that may be too large for what backs it. */
type Trader = {
  readonly balance: number
  readonly leverage: number
  readonly isolated: boolean
  readonly lots: number
  readonly buys: boolean
}

/** The mark jumps, and the book has little at another price. */
type Jump = { readonly percent: number; readonly bidLots: number; readonly gap: number }

const traders = fc.array(
  fc.record({
    balance: fc.integer({ min: 1000, max: 6000 }),
    leverage: fc.constantFrom(5, 20, 20, 50),
    isolated: fc.boolean(),
    lots: fc.integer({ min: 300, max: 1900 }),
    buys: fc.boolean(),
  }),
  { minLength: 2, maxLength: 6 },
)

const jumps = fc.array(
  fc.record({
    percent: fc.integer({ min: -60, max: 60 }),
    bidLots: fc.constantFrom(0, 1, 200, 5000),
    gap: fc.integer({ min: 1, max: 400 }),
  }),
  { minLength: 1, maxLength: 12 },
)

const opened = (all: readonly Trader[], insuranceFund: number): Exchange => {
  const exchange = new Exchange({
    instruments: [STEEP],
    startTime: START,
    insuranceFund: String(insuranceFund),
  })
  exchange.applyMarket(mark(50_000))
  deep(exchange)
  all.forEach(({ balance, leverage, isolated, lots, buys }, i) => {
    const account = `trader-${i}`
    exchange.openAccount(account, { balance: String(balance) })
    exchange.setLeverage(account, SYMBOL, leverage)
    if (isolated) exchange.setMarginType(account, SYMBOL, 'ISOLATED')
    // As much of it as the margin is enough for.
    for (let size = lots; size >= 50; size = Math.floor(size * 0.8))
      if (exchange.placeOrder(account, market(buys ? 'BUY' : 'SELL', String(size / 1000))).ok) break
  })
  exchange.takeEvents()
  return exchange
}

const jump = (exchange: Exchange, { percent, bidLots, gap }: Jump): readonly ExchangeEvent[] => {
  const before = Number(exchange.premiumIndex(SYMBOL)!.markPrice)
  const price = Math.max(1000, Math.round(before * (1 + percent / 1000)))
  const ticks = price * 10
  const time = exchange.time + 1
  const at = [ticks - gap, ticks + gap] as const
  exchange.applyMarket(book([[at[0], bidLots]], [[at[1], bidLots]], time))
  exchange.applyMarket(mark(price, time))
  return exchange.takeEvents()
}

const fillsOf = (events: readonly ExchangeEvent[]): readonly UserTrade[] =>
  events
    .filter(isPrivate)
    .flatMap((event) => (event.kind === 'order' && event.fill !== null ? [event.fill] : []))

/** Deleveraging trades lots between two accounts: what one got, the other gave, once. */
const checkDeleveraging = (fills: readonly UserTrade[]): void => {
  const ids = fills
    .filter(({ clientOrderId }) => clientOrderId.startsWith('adl_autoclose-'))
    .map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) {
    const sides = fills.filter((fill) => fill.id === id)
    expect(sides.map(({ side }) => side).toSorted()).toEqual(['BUY', 'SELL'])
    expect(new Set(sides.map(({ quantity, price }) => `${quantity}@${price}`)).size).toBe(1)
  }
}

const checkAccounts = (exchange: Exchange): void => {
  for (const account of exchange.accounts()) {
    const { walletBalance, crossWalletBalance, crossUnrealizedPnl } = exchange.balance(account)!
    const positions = exchange.positions(account)
    if (positions.length === 0) expect(dec(walletBalance).gte(0)).toBe(true)
    for (const one of positions) {
      const isolated = one.marginType === 'ISOLATED'
      const margin = isolated
        ? dec(one.isolatedWallet).plus(one.unrealizedPnl)
        : dec(crossWalletBalance).plus(crossUnrealizedPnl)
      expect(margin.gte(dec(one.maintenanceMargin).minus('0.00000001'))).toBe(true)
    }
  }
}

describe('liquidation and deleveraging, whatever the gaps', () => {
  it('keep money exact, leave nobody below what he must have, and give no lot twice', () => {
    let deleveraged = 0
    let parts = 0
    fc.assert(
      fc.property(traders, jumps, fc.constantFrom(0, 50, 5000), (all, moves, fund) => {
        const exchange = opened(all, fund)
        for (const move of moves) {
          const events = jump(exchange, move)
          const fills = fillsOf(events)
          checkDeleveraging(fills)
          checkAccounts(exchange)
          expect(exchange.money().balanced).toBe(true)
          deleveraged += fills.filter(({ clientOrderId }) => clientOrderId.startsWith('adl')).length
          parts += exchange.accounts().filter((one) => wasReduced(exchange, one, events)).length
        }
      }),
      { numRuns: 150 },
    )
    // What is drawn does bring it about.
    expect(deleveraged).toBeGreaterThan(20)
    expect(parts).toBeGreaterThan(20)
  })
})

/** Liquidated in part: something of the position is left. */
const wasReduced = (
  exchange: Exchange,
  account: string,
  events: readonly ExchangeEvent[],
): boolean =>
  fillsOf(events.filter((event) => isPrivate(event) && event.account === account)).some(
    ({ clientOrderId }) => clientOrderId.startsWith('autoclose-'),
  ) && exchange.positions(account).length > 0
