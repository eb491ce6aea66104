import { describe, expect, it } from '@jest/globals'
import type { MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { tapeOf, tapeOfEvents } from './memory-tape.ts'
import { playTape } from './play-tape.fixture.ts'

const instrument = (symbol: string) => testInstrument({ symbol, min_notional: '5' })
const A = instrument('AUSDT')
const B = instrument('BUSDT')

const print = (symbol: string, id: number, time: number, excluded = false): MarketEvent => ({
  kind: 'trade',
  symbol,
  id,
  priceTicks: 100 + id,
  quantityLots: id,
  time,
  maker: (id % 2) as 0 | 1,
  excluded,
})
const quote = (symbol: string, updateId: number): MarketEvent => ({
  kind: 'quote',
  symbol,
  updateId,
  bidTicks: 1,
  bidLots: 2,
  askTicks: 3,
  askLots: 4,
})

const columns = (time: number[]) => ({
  id: time.map((_, i) => i + 1),
  priceTicks: time.map(() => 10),
  quantityLots: time.map(() => 1),
  time,
  maker: time.map(() => 0),
})

const SESSION: readonly MarketEvent[] = [
  quote('AUSDT', 1),
  print('AUSDT', 1, 1000),
  print('BUSDT', 1, 1000),
  quote('BUSDT', 2),
  print('AUSDT', 2, 3000, true),
  print('AUSDT', 3, 2990),
  { kind: 'clock', time: 3500 },
  quote('AUSDT', 3),
  print('BUSDT', 2, 4000),
]

describe('a tape in memory', () => {
  it('gives the events back in the order of their source', async () => {
    const tape = tapeOfEvents([A, B], SESSION)
    expect(await playTape(tape)).toEqual(SESSION)
    expect(tape).toMatchObject({ from: 1000, to: 4001 })
  })

  it.each([1000, 1001, 2990, 2995, 3000, 3001, 3500, 3501, 4000, 4001])(
    'is cut in two at %d without losing or doubling anything, a late print stays with its neighbors',
    async (at) => {
      const tape = tapeOfEvents([A, B], SESSION)
      const before = await playTape(tape, { to: at })
      const after = await playTape(tape, { from: at })
      expect(before.length + after.length).toBe(SESSION.length)
      expect([...before, ...after]).toEqual(SESSION)
    },
  )

  it('places prints without an order by time, symbols in the order of the instruments', async () => {
    const tape = tapeOf([A, B], { BUSDT: columns([1, 5]), AUSDT: columns([1, 4, 9]) })
    const played = (await playTape(tape)) as { symbol: string; time: number }[]
    expect(played.map(({ symbol, time }) => `${symbol[0]}${time}`)).toEqual([
      'A1',
      'B1',
      'A4',
      'B5',
      'A9',
    ])
  })

  it('has a fingerprint of its contents', () => {
    const one = tapeOfEvents([A, B], SESSION).fingerprint
    expect(tapeOfEvents([A, B], SESSION).fingerprint).toBe(one)
    expect(tapeOfEvents([A, B], SESSION.slice(1)).fingerprint).not.toBe(one)
  })

  it.each<[string, () => unknown]>([
    ['symbol C is not among', () => tapeOfEvents([A], [print('C', 1, 1)])],
    [
      'order is missing',
      () =>
        tapeOf(
          [A],
          { AUSDT: { id: [1], priceTicks: [1], quantityLots: [1], time: [1], maker: [0] } },
          [{ order: 0, event: quote('AUSDT', 1) }],
        ),
    ],
    [
      'time has 2 rows, expected 1',
      () =>
        tapeOf([A], {
          AUSDT: {
            order: [0],
            id: [1],
            priceTicks: [1],
            quantityLots: [1],
            time: [1, 2],
            maker: [0],
          },
        }),
    ],
  ])('refuses: %s', (message, act) => {
    expect(act).toThrow(message)
  })
})
