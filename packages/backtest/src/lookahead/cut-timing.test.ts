import { describe, expect, it } from '@jest/globals'
import type { FeedEvent, MarketEvent, TradeEvent } from '@tapedeck/core'
import { tapeOfEvents } from '../tape/index.ts'
import { foreseeing } from './cheats.fixture.ts'
import {
  POISON_NAMES,
  brainSubject,
  findLookahead,
  orderFlowSubject,
  tapeMaterial,
} from './index.ts'
import { INSTRUMENTS, WILD_START, wildTrading } from './wild-tape.fixture.ts'

const CUT = WILD_START + 60_000
const BTC = 'BTCUSDT'
const ETH = 'ETHUSDT'

const idOf = (time: number): number => Math.floor((time - WILD_START) / 10)
const print = (symbol: string, after: number, rest: Partial<TradeEvent> = {}): TradeEvent => ({
  kind: 'trade',
  symbol,
  id: idOf(CUT + after),
  priceTicks: 600_000 + (idOf(CUT + after) % 7),
  quantityLots: 100,
  time: CUT + after,
  maker: 0,
  excluded: false,
  ...rest,
})
const book = (symbol: string, after: number): MarketEvent => ({
  kind: 'depth',
  symbol,
  snapshot: true,
  firstId: idOf(CUT + after),
  lastId: idOf(CUT + after),
  previousId: null,
  time: CUT + after,
  bidTicks: [599_999],
  bidLots: [10],
  askTicks: [600_010],
  askLots: [10],
})
const feed = (symbol: string, status: FeedEvent['status']): MarketEvent => ({
  kind: 'feed',
  symbol,
  channel: 'trades',
  status,
  reason: 'so it was recorded',
  missingFrom: null,
  missingTo: null,
})

/** Two prints a second of each symbol, from one moment after the cut to another. */
const steady = (from: number, to: number): MarketEvent[] => {
  const events: MarketEvent[] = []
  for (let after = from; after < to; after += 500)
    events.push(print(BTC, after - 20), print(ETH, after - 10))
  return events
}

/** What comes after a minute of two symbols: each would make or unmake what is measured at the cut itself. */
const AFTER: readonly (readonly [string, readonly MarketEvent[]])[] = [
  ['both print on', [print(ETH, 10), print(BTC, 30)]],
  ['one prints when the other has printed for 40 s', [print(ETH, 10), print(ETH, 9_000)]],
  ['one never prints again', [print(ETH, 10)]],
  ['both are silent', []],
  ['the first print is excluded', [print(BTC, 10, { excluded: true }), print(ETH, 30)]],
  ['the first print is off the grid', [print(BTC, 10, { priceTicks: 0 }), print(ETH, 30)]],
  [
    'the first print is one that was told before',
    [print(BTC, 10, { id: idOf(CUT - 520) }), print(ETH, 30)],
  ],
  ['ids are missing before the first print', [print(ETH, 10), print(BTC, 30, { id: 90_000 })]],
  ['a feed goes down before the first print', [print(ETH, 10), feed(BTC, 'down'), print(BTC, 30)]],
  [
    'a book overtakes the first print by seconds',
    [print(ETH, 10), book(ETH, 8_000), print(BTC, 40)],
  ],
  [
    'a book ends the batch of one before that of the other',
    [print(BTC, 30), print(ETH, 40), book(ETH, 400), print(BTC, 500), print(ETH, 510)],
  ],
]

describe('when the next print comes', () => {
  it.each(AFTER)('does not look like the future: %s', async (name, after) => {
    const lonely = name.includes('never')
    const later = steady(20_000, 40_000).filter(
      (event) => !(lonely && 'symbol' in event && event.symbol === BTC),
    )
    const renumbered = name.startsWith('ids')
      ? later.map((event) => (event.kind === 'trade' ? { ...event, id: event.id + 90_000 } : event))
      : later
    const tape = tapeOfEvents(INSTRUMENTS.slice(0, 2), [
      ...steady(-59_000, 0),
      ...after,
      ...renumbered,
    ])
    const material = tapeMaterial(tape)
    for (const subject of [orderFlowSubject(wildTrading), brainSubject(wildTrading)])
      for (const poison of ['absurd', 'repeated'] as const) {
        const { findings, cuts } = await findLookahead({
          subject,
          material: { ...material, cutNear: async () => await material.cutNear(CUT) },
          poisons: [poison],
          cuts: 1,
        })
        expect(findings).toEqual([])
        expect(cuts).toMatchObject([{ at: CUT }])
        expect(cuts[0]!.compared).toBeGreaterThan(100)
      }
  })
})

describe('who knows the next print alone', () => {
  it.each(POISON_NAMES)('is found at the cut itself: %s', async (poison) => {
    const tape = tapeOfEvents(INSTRUMENTS.slice(0, 2), [
      ...steady(-59_000, 0),
      print(ETH, 10),
      print(BTC, 20_000),
      print(ETH, 20_010, { priceTicks: 599_000 }),
    ])
    const material = tapeMaterial(tape)
    const { findings } = await findLookahead({
      subject: foreseeing(wildTrading, 50),
      material: { ...material, cutNear: async () => await material.cutNear(CUT) },
      poisons: [poison],
      cuts: 1,
    })
    expect(findings).toMatchObject([{ what: 'ETHUSDT foreseen', at: CUT, cut: CUT }])
  })
})
