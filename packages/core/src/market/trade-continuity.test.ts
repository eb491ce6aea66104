import { describe, expect, it } from '@jest/globals'
import type { Json } from '../decider.ts'
import type { TradeEvent } from './market-event.ts'
import { TradeContinuity } from './trade-continuity.ts'

const print = (id: number, change: Partial<TradeEvent> = {}): TradeEvent => ({
  kind: 'trade',
  symbol: 'S',
  id,
  priceTicks: 1000,
  quantityLots: 5,
  time: 1,
  maker: 0,
  excluded: false,
  ...change,
})

const cases: { name: string; prints: TradeEvent[]; verdicts: string[]; counts: object }[] = [
  {
    name: 'consecutive ids are accepted',
    prints: [print(7), print(8)],
    verdicts: ['accept', 'accept'],
    counts: { trades: 2, missing: 0 },
  },
  {
    name: 'a repeated id is dropped',
    prints: [print(7), print(7), print(8), print(7)],
    verdicts: ['accept', 'duplicate', 'accept', 'duplicate'],
    counts: { trades: 2, duplicates: 2 },
  },
  {
    name: 'an id inside a hole is late once, then a duplicate',
    prints: [print(7), print(11), print(9), print(9), print(8), print(10)],
    verdicts: ['accept', 'accept', 'late', 'duplicate', 'late', 'late'],
    counts: { trades: 2, missing: 3, late: 3, duplicates: 1 },
  },
  {
    name: 'an unusable print uses up its id, so no hole is claimed',
    prints: [
      print(7),
      print(8, { quantityLots: 0 }),
      print(9, { priceTicks: Number.NaN }),
      print(10, { priceTicks: -3 }),
      print(11),
    ],
    verdicts: ['accept', 'reject', 'reject', 'reject', 'accept'],
    counts: { trades: 2, rejected: 3, missing: 0 },
  },
  {
    name: 'insurance fund prints are kept but excluded, and do not move the last price',
    prints: [print(7), print(8, { excluded: true, priceTicks: 9000 }), print(9)],
    verdicts: ['accept', 'exclude', 'accept'],
    counts: { trades: 3, excluded: 1, priceJumps: 0 },
  },
  {
    name: 'an absurd price is flagged, not dropped',
    prints: [print(7), print(8, { priceTicks: 2000 }), print(9)],
    verdicts: ['accept', 'accept', 'accept'],
    counts: { trades: 3, priceJumps: 2 },
  },
]

describe('TradeContinuity', () => {
  it.each(cases)('$name', ({ prints, verdicts, counts }) => {
    const whole = new TradeContinuity()
    expect(prints.map((trade) => whole.judge(trade))).toEqual(verdicts)
    expect(whole.counts).toMatchObject(counts)

    let saved = new TradeContinuity()
    const again = prints.map((trade) => {
      saved = new TradeContinuity(JSON.parse(JSON.stringify(saved.snapshot())) as Json)
      return saved.judge(trade)
    })
    expect(again).toEqual(verdicts)
    expect(saved.snapshot()).toEqual(whole.snapshot())
  })

  it('reports a hole with the print after it, also when that one is unusable', () => {
    const continuity = new TradeContinuity()
    continuity.judge(print(7))
    continuity.judge(print(10, { quantityLots: 0 }))
    continuity.judge(print(11))
    expect(continuity.takeGap()).toBe(2)
    expect(continuity.takeGap()).toBe(0)
  })
})
