import { describe, expect, it } from '@jest/globals'
import { createOrder, type OrderRecord } from '../order/index.ts'
import { isHalfDone, maySendBeside } from './doubt.ts'
import { planTrade, type TradeAction } from './plan-trade.ts'
import { RemoteScenario, fillOf } from './testing/remote.ts'
import { START, approved, clock } from './testing/scenario.ts'
import { newTrade, type TradeRecord } from './trade-record.ts'

const FAR = { isRemote: true, isStuck: false }
const NOW = 100_000

const trade = (over: Partial<TradeRecord> = {}): TradeRecord => ({
  ...newTrade(
    'trade-1',
    {
      setup_id: 'setup-1',
      signal_id: 'signal-1',
      decision_id: 'decision-1',
      strategy: 'trend_continuation',
      grade: 'A',
      side: 'BUY',
    },
    { lots: 40, entryTicks: 1_000, stopTicks: 990, targetTicks: 1_030 },
    NOW + 10_000,
  ),
  status: 'OPEN',
  entryLots: 40,
  ...over,
})

let made = 0
const order = (
  role: 'STOP' | 'EXIT',
  status: OrderRecord['status'],
  ageMs: number,
  over: Partial<OrderRecord> = {},
): OrderRecord => ({
  ...createOrder(
    {
      clientOrderId: `o${++made}`,
      tradeId: 'trade-1',
      role,
      side: 'SELL',
      type: role === 'EXIT' ? 'MARKET' : 'STOP_MARKET',
      lots: 40,
      priceTicks: null,
      stopTicks: role === 'EXIT' ? null : 990,
      reduceOnly: true,
    },
    NOW - ageMs,
  ),
  status,
  updatedAt: NOW - ageMs,
  ...over,
})

const told = (actions: readonly TradeAction[]): string[] =>
  actions
    .filter((one) => one.kind === 'cancel' || one.role !== 'TARGET')
    .map((one) => (one.kind === 'cancel' ? `cancel: ${one.reason}` : `${one.role} ${one.lots}`))

const leaving = trade({ status: 'CLOSING', exitReason: 'UNPROTECTED' })

describe('orders that a live venue does not answer', () => {
  it.each([
    ['none', [], true],
    ['one that is unknown since just now', [['UNKNOWN', 499]], false],
    ['one that is unknown', [['UNKNOWN', 500]], true],
    ['one that is on its way', [['SUBMITTED', 2_999]], false],
    ['one that is on its way for long', [['SUBMITTED', 3_000]], true],
    [
      'a second one since just now',
      [
        ['UNKNOWN', 5_000],
        ['UNKNOWN', 499],
      ],
      false,
    ],
    [
      'a second one: no longer than the first',
      [
        ['UNKNOWN', 5_000],
        ['UNKNOWN', 500],
      ],
      true,
    ],
    [
      'one of them is on its way',
      [
        ['UNKNOWN', 5_000],
        ['SUBMITTED', 1_000],
      ],
      false,
    ],
  ] as const)('%s', (_name, given, may) => {
    const orders = given.map(([status, age]) => order('EXIT', status, age))
    expect(maySendBeside(orders, NOW)).toBe(may)
  })

  it.each([
    [4, 499, false],
    [4, 500, true],
    [5, 999, false],
    [5, 1_000, true],
    [6, 1_999, false],
    [6, 2_000, true],
    [7, 3_999, false],
  ])('%i that are unknown, the last for %i ms: %s', (length, age, may) => {
    const orders = Array.from({ length }, () => order('STOP', 'UNKNOWN', age))
    expect(maySendBeside(orders, NOW)).toBe(may)
  })

  it.each([
    [7, true],
    [8, false],
  ])('never wait for more than four seconds; %i at once: %s', (length, may) => {
    const orders = Array.from({ length }, () => order('EXIT', 'UNKNOWN', 4_000))
    expect(maySendBeside(orders, NOW)).toBe(may)
  })
})

describe('what a live trade plans', () => {
  it.each<[string, TradeRecord, OrderRecord[], string[]]>([
    ['a stop on its way', trade(), [order('STOP', 'SUBMITTED', 900)], []],
    ['a stop that is unknown', trade(), [order('STOP', 'UNKNOWN', 500)], ['STOP 40']],
    [
      'an unknown stop for less than is open',
      trade(),
      [order('STOP', 'UNKNOWN', 500, { lots: 4 })],
      ['STOP 40'],
    ],
    [
      'one stands: the unknown one goes',
      trade(),
      [order('STOP', 'UNKNOWN', 700), order('STOP', 'ACCEPTED', 10)],
      ['cancel: replaced'],
    ],
    ['an exit that is unknown', leaving, [order('EXIT', 'UNKNOWN', 500)], ['EXIT 40']],
    ['an exit that was taken', leaving, [order('EXIT', 'ACCEPTED', 2_999)], []],
    [
      'an exit that fills no further: the rest in halves',
      leaving,
      [order('EXIT', 'PARTIALLY_FILLED', 3_000, { filledLots: 10 })],
      ['cancel: it fills no further', 'EXIT 20'],
    ],
    [
      'two of them: in quarters',
      leaving,
      [
        order('EXIT', 'PENDING_CANCEL', 100, { cancelRequested: true, filledLots: 1 }),
        order('EXIT', 'PARTIALLY_FILLED', 3_000, { filledLots: 1 }),
      ],
      ['cancel: it fills no further', 'EXIT 10'],
    ],
    [
      'one of which no fill was told: all of it again',
      leaving,
      [order('EXIT', 'ACCEPTED', 3_000)],
      ['cancel: it fills no further', 'EXIT 40'],
    ],
    [
      'a piece is on its way',
      leaving,
      [
        order('EXIT', 'PENDING_CANCEL', 100, { cancelRequested: true }),
        order('EXIT', 'SUBMITTED', 100, { lots: 20 }),
      ],
      [],
    ],
  ])('%s', (_name, given, orders, wanted) => {
    expect(told(planTrade(given, orders, NOW, FAR))).toEqual(wanted)
  })

  it('on paper nothing is sent beside anything', () => {
    const paper = { isRemote: false, isStuck: false }
    expect(told(planTrade(trade(), [order('STOP', 'UNKNOWN', 9_000)], NOW, paper))).toEqual([])
    expect(told(planTrade(leaving, [order('EXIT', 'ACCEPTED', 9_000)], NOW, paper))).toEqual([])
  })
})

it('an exit that the venue leaves half done is canceled, told, and followed by a piece of the rest', () => {
  const one = RemoteScenario.live()
  const fill = fillOf('1', '0.1', '50000')
  one.play(approved(START + 100))
  one.tell(START + 200, 'ENTRY', { report: 'filled', side: 'BUY', fill })
  one.tell(START + 300, 'STOP', { report: 'accepted' })
  one.tell(START + 900, 'STOP', { report: 'expired' })
  const part = fillOf('2', '0.02', '49990')
  one.tell(START + 1_000, 'EXIT', { report: 'filled', side: 'SELL', fill: part })
  const sent = one.sentAll('EXIT').length
  for (let at = START + 1_000; at <= START + 4_000; at += 250) one.play(clock(at))
  expect(one.sentAll('EXIT')).toHaveLength(sent + 1)
  expect(one.decider.takeProblems()).toContainEqual(expect.stringContaining('is half done'))
})

it.each<[string, Partial<Parameters<typeof isHalfDone>[0]>, boolean]>([
  ['nothing of it filled, quiet for 3 s', {}, true],
  ['nothing of it filled, quiet for less', { updatedAt: 7_001 }, false],
  ['not answered', { status: 'UNKNOWN' }, false],
  ['a part of it, told late: its time was over before', { filledLots: 1, updatedAt: 9_500 }, true],
  ['a part of it, told just now: the rest may follow', { filledLots: 1, updatedAt: 9_501 }, false],
  ['a part of it at once', { filledLots: 1, createdAt: 7_001, updatedAt: 7_001 }, false],
])('a market order of which is known: %s', (_, rest, expected) => {
  const taken = { status: 'ACCEPTED', createdAt: 7_000, updatedAt: 7_000, filledLots: 0 } as const
  expect(isHalfDone({ ...taken, ...rest }, 10_000)).toBe(expected)
})

it('stops of which nobody knows anything follow one another soon, and leave room for exits before the bound', () => {
  const one = RemoteScenario.live()
  const fill = fillOf('1', '0.1', '50000')
  one.play(approved(START + 100))
  one.tell(START + 200, 'ENTRY', { report: 'filled', side: 'BUY', fill })
  for (let at = START + 250; at < START + 4_700; at += 250) {
    for (const role of ['STOP', 'EXIT'] as const)
      if (one.sentAll(role).length > 0) one.tell(at, role, { report: 'unknown' })
    one.play(clock(at))
  }
  expect([one.sentAll('STOP').length, one.sentAll('EXIT').length]).toEqual([5, 3])
})
