import { describe, expect, it } from '@jest/globals'
import { decimalToSteps, parseStep } from '@tapedeck/core'
import fc from 'fast-check'
import type { Exchange, ExchangeEvent } from '../index.ts'
import { NaiveBook } from '../testing/naive-book.ts'
import {
  BTC,
  START,
  SYMBOL,
  change,
  limit,
  must,
  openExchange,
  print,
} from '../testing/open-exchange.ts'

const tick = parseStep('0.1')
const lot = parseStep('0.001')
const MIDDLE = 500_000

type Step =
  | {
      readonly do: 'place'
      readonly side: 'BUY' | 'SELL'
      readonly at: number
      readonly lots: number
      readonly who: number
    }
  | { readonly do: 'cancel'; readonly which: number }
  | {
      readonly do: 'show'
      readonly side: 'BUY' | 'SELL'
      readonly away: number
      readonly lots: number
    }
  | {
      readonly do: 'print'
      readonly side: 'BUY' | 'SELL'
      readonly away: number
      readonly lots: number
    }

const side = fc.constantFrom('BUY' as const, 'SELL' as const)
const lots = fc.integer({ min: 1, max: 9 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('place' as const),
      side,
      at: fc.integer({ min: -5, max: 5 }),
      lots,
      who: fc.nat(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('show' as const),
      side,
      away: fc.integer({ min: 1, max: 4 }),
      lots: fc.nat(12),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('print' as const),
      side,
      away: fc.integer({ min: 1, max: 4 }),
      lots,
    }),
  },
)
const list = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' })

/** Fills as the naive book writes them: lot by lot. */
const fillsOf = (
  events: readonly ExchangeEvent[],
  numbers: ReadonlyMap<number, number>,
): string[] => {
  const fills: string[] = []
  for (const event of events) {
    if (!('account' in event) || event.kind !== 'order' || event.fill === null) continue
    const ticks = decimalToSteps(event.fill.price, tick)!
    const count = decimalToSteps(event.fill.quantity, lot)!
    const number = numbers.get(event.order.orderId) ?? -1
    for (let i = 0; i < count; i++) fills.push(`${number}@${ticks}`)
  }
  return fills.toSorted()
}

const priceOf = (ticks: number): string => String(ticks / 10)
const sizeOf = (count: number): string => String(count / 1000)

const playBoth = (
  exchange: Exchange,
  naive: NaiveBook,
  one: Step,
  time: number,
  sent: (number | null)[],
) => {
  // Bids of the outside market below the middle, asks above: it is never crossed in itself.
  if (one.do === 'show') {
    const ticks = one.side === 'BUY' ? MIDDLE - one.away : MIDDLE + one.away
    const level = [[ticks, one.lots]] as const
    exchange.applyMarket(one.side === 'BUY' ? change(level, [], time) : change([], level, time))
    naive.show(one.side, ticks, one.lots)
  } else if (one.do === 'print') {
    const ticks = one.side === 'SELL' ? MIDDLE - one.away : MIDDLE + one.away
    exchange.applyMarket(print(ticks, one.lots, one.side === 'SELL' ? 1 : 0, time))
    naive.print(one.side, ticks, one.lots)
  } else if (one.do === 'place') {
    const account = ['a', 'b', 'c'][one.who]!
    const rest = { selfTradePrevention: 'NONE' } as const
    const order = limit(one.side, priceOf(MIDDLE + one.at), sizeOf(one.lots), rest)
    sent.push(must(exchange.placeOrder(account, order)).orderId)
    naive.place(sent.length - 1, one.side, MIDDLE + one.at, one.lots)
  } else {
    const orderId = sent[one.which]
    if (orderId === undefined || orderId === null) return
    for (const account of ['a', 'b', 'c']) exchange.cancelOrder(account, SYMBOL, { orderId })
    naive.cancel(one.which)
  }
}

describe('price-time priority', () => {
  it('is that of a naive book of single lots', () => {
    fc.assert(
      fc.property(list, (steps) => {
        const instruments = [{ ...BTC, minNotional: '0', maxOrders: 1000 }]
        const exchange = openExchange({ instruments })
        exchange.applyMarket({ ...change([], [], START), snapshot: true })
        exchange.takeEvents()
        const naive = new NaiveBook()
        const sent: (number | null)[] = []
        steps.forEach((one, index) => {
          naive.fills.length = 0
          playBoth(exchange, naive, one, START + index + 1, sent)
          const numbers = new Map(sent.map((orderId, number) => [orderId ?? -1, number]))
          const expected = naive.fills.map(({ order, ticks }) => `${order}@${ticks}`).toSorted()
          expect(fillsOf(exchange.takeEvents(), numbers)).toEqual(expected)
        })
      }),
      { numRuns: 300 },
    )
  })
})
