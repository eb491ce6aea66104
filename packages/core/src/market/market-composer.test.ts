import { describe, expect, it } from '@jest/globals'
import type { Output } from '@tapedeck/contracts'
import { testInstrument } from '@tapedeck/test-data'
import { MarketComposer } from './market-composer.ts'
import type { DepthEvent, MarketEvent, TradeEvent } from './market-event.ts'

const T = Date.UTC(2024, 7, 8, 12, 0, 14)
const instrument = testInstrument()

const trade = (id: number, time: number, priceTicks = 600_000): TradeEvent => ({
  kind: 'trade',
  symbol: 'BTCUSDT',
  id,
  priceTicks,
  quantityLots: 10,
  time,
  maker: 0,
  excluded: false,
})
const depth = (previousId: number | null, lastId: number, time: number): DepthEvent => ({
  kind: 'depth',
  symbol: 'BTCUSDT',
  snapshot: previousId === null,
  firstId: lastId,
  lastId,
  previousId,
  time,
  bidTicks: [599_999],
  bidLots: [lastId],
  askTicks: [600_001],
  askLots: [lastId],
})

/** One line per output: what a reader of the tape sees. */
const told = ({ type, payload, occurred_at }: Output): string => {
  const name = type.replace('market.', '')
  const at = occurred_at - T
  if (type === 'market.trades') return `trades ${(payload as { id: number[] }).id.join(',')}`
  if (type === 'market.depth')
    return `depth ${(payload as { last_update_id: number }).last_update_id}`
  if (type === 'market.feed.status') {
    const { channel, status } = payload as { channel: string; status: string }
    return `${channel} ${status}`
  }
  if (type === 'market.bar.closed')
    return `bar ${(payload as { timeframe: string }).timeframe} ${at}`
  return `${name} ${at}${(payload as { jump?: boolean }).jump === true ? ' jump' : ''}`
}

const cases: { name: string; events: MarketEvent[]; tape: string[] }[] = [
  {
    name: 'a boundary: batch, bars shortest first, clock, then what is later',
    events: [trade(1, T + 10), trade(2, T + 900), trade(3, T + 1_000)],
    tape: ['clock 0', 'trades up', 'trades 1,2', 'bar 15s 1000', 'clock 1000', 'trades 3'],
  },
  {
    name: 'prints and book changes keep their order',
    events: [
      trade(1, T + 10),
      depth(null, 5, T + 20),
      trade(2, T + 30),
      trade(3, T + 31),
      depth(5, 6, T + 40),
    ],
    tape: ['clock 0', 'trades up', 'trades 1', 'depth up', 'depth 5', 'trades 2,3', 'depth 6'],
  },
  {
    name: 'a book change just past a boundary does not make the prints before it late',
    events: [depth(null, 5, T + 980), trade(1, T + 985), depth(5, 6, T + 1_050), trade(2, T + 995)],
    tape: ['clock 0', 'depth up', 'depth 5', 'trades up', 'trades 1', 'depth 6', 'trades 2'],
  },
  {
    name: 'book changes alone move the clock, three seconds behind',
    events: [depth(null, 5, T), depth(5, 6, T + 4_500)],
    tape: ['clock 0', 'depth up', 'depth 5', 'bar', 'clock 1000', 'depth 6'].filter(
      (x) => x !== 'bar',
    ),
  },
  {
    name: 'a hole starts a batch of its own, after its report',
    events: [trade(1, T + 1), trade(2, T + 2), trade(5, T + 3)],
    tape: ['clock 0', 'trades up', 'trades 1,2', 'trades gap', 'trades 5'],
  },
  {
    name: 'a broken book is dropped until the next snapshot',
    events: [
      depth(null, 5, T),
      depth(5, 6, T + 1),
      depth(7, 8, T + 2),
      depth(8, 9, T + 3),
      depth(null, 9, T + 4),
      depth(9, 10, T + 5),
    ],
    tape: [
      'clock 0',
      'depth up',
      'depth 5',
      'depth 6',
      'depth gap',
      'depth up',
      'depth 9',
      'depth 9',
      'depth 10',
    ],
  },
  {
    name: 'more than an hour of silence is one jump; bars before it close',
    events: [trade(1, T + 10), trade(2, T + 3_700_250)],
    tape: [
      'clock 0',
      'trades up',
      'trades 1',
      'bar 15s 1000',
      'bar 1m 46000',
      'bar 5m 286000',
      'bar 15m 886000',
      'bar 1h 3586000',
      'clock 3700000 jump',
      'trades 2',
    ],
  },
]

describe('MarketComposer', () => {
  it.each(cases)('$name', ({ events, tape }) => {
    const composer = new MarketComposer({ instruments: [instrument] })
    const steps = [...composer.push(events), ...composer.flush()]
    expect(steps.flatMap(({ outputs }) => outputs.map(told))).toEqual(tape)
  })

  it('lifts a print that comes after its boundary, and counts it', () => {
    const composer = new MarketComposer({ instruments: [instrument] })
    composer.push([trade(1, T + 1_001)])
    const [step] = [...composer.push([trade(2, T + 990)]), ...composer.flush()]
    expect(step!.outputs.at(-1)!.payload).toMatchObject({
      id: [1, 2],
      time: [T + 1_001, T + 1_001],
    })
    expect(composer.counts()['BTCUSDT']).toMatchObject({ retimed: 1, trades: 2 })
  })

  it('ends a step right after the clock of a 15 s boundary, and after a bounded number of events', () => {
    const composer = new MarketComposer({ instruments: [instrument], stepEvents: 3 })
    const steps = composer.push([
      trade(1, T + 1),
      trade(2, T + 1_000),
      ...[3, 4, 5].map((id) => trade(id, T + 1_001)),
    ])
    expect(steps.map(({ outputs, stepEnd }) => [told(outputs.at(-1)!), stepEnd])).toEqual([
      ['clock 1000', true],
      ['trades 2,3,4', true],
    ])
  })
})
