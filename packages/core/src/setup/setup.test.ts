import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  StrategyConfig,
  type BarShape,
  type Box,
  type Features,
  type Grade,
  type NoSignalReason,
  type Side,
} from '@tapedeck/contracts'
import { bar, bullish, mirrored, NOON } from './features.fixture.ts'
import {
  biasOf,
  checkedBoxes,
  confirmsContinuation,
  confirmsReversion,
  evaluateReversion,
  evaluateTrend,
  exitsProblem,
  gradeOf,
  isInWindow,
  nearestPointOfInterest,
  reversionExits,
  supportingOrderFlow,
  trendExits,
} from './index.ts'

const config = StrategyConfig.parse({})
const goldenFile = new URL('../../../../../shared/golden/confluence-grades.json', import.meta.url)
// The published answers lie beside the repository; without them the table below still runs.
const describeWithGolden = existsSync(goldenFile) ? describe : describe.skip

type GoldenCase = {
  in: {
    bias: 'same' | 'other' | null
    at_poi: boolean
    order_flow: 'absorption' | 'aggression' | 'trapped' | 'none' | 'wrong'
    follow_through: boolean
    micro: boolean
    side: Side
  }
  boxes: Box[]
  grade: Grade
}

const otherSide = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY')

/** Features in which exactly the boxes of a golden case can be read, for a long; mirrored for a short. */
const featuresOf = ({ in: given }: GoldenCase): Features => {
  const long = bullish({
    absorbed:
      given.order_flow === 'absorption' ? ['SELL'] : given.order_flow === 'wrong' ? ['BUY'] : [],
    aggressive: given.order_flow === 'aggression' ? ['BUY'] : [],
    trapped: given.order_flow === 'trapped' ? ['SELL'] : [],
    profile_session: given.at_poi ? bullish().profile_session : null,
    price_15s_ago_ticks: given.follow_through ? 599_960 : 600_000,
    bars_15s: given.micro ? bullish().bars_15s : [],
  })
  return given.side === 'BUY' ? long : mirrored(long, 600_000)
}

describeWithGolden('grades of shared/golden/confluence-grades.json', () => {
  it('match all 240 published cases, through the boxes themselves', () => {
    const { cases } = JSON.parse(readFileSync(goldenFile, 'utf8')) as { cases: GoldenCase[] }
    expect(cases).toHaveLength(240)
    for (const golden of cases) {
      const { side, bias } = golden.in
      const biasSide = bias === null ? null : bias === 'same' ? side : otherSide(side)
      const state = {
        bias: biasSide && { side: biasSide, invalidation_ticks: 600_000, delta_lots: 1 },
        broken: false,
      }
      const evaluation = evaluateTrend(featuresOf(golden), side, state, config)
      expect({ boxes: checkedBoxes(evaluation.boxes), grade: evaluation.grade }).toEqual({
        boxes: golden.boxes,
        grade: golden.grade,
      })
    }
  })
})

describe('grades', () => {
  it.each<[Box[], Grade]>([
    [['BIAS', 'POI', 'ORDERFLOW', 'FOLLOWTHROUGH', 'MICRO'], 'A'],
    [['BIAS', 'POI', 'ORDERFLOW', 'MICRO'], 'B'],
    [['POI', 'ORDERFLOW', 'FOLLOWTHROUGH', 'MICRO'], 'C'],
    [['BIAS', 'POI', 'MICRO'], 'C'],
    [['BIAS', 'POI'], 'INVALID'],
    [[], 'INVALID'],
  ])('%j is %s', (boxes, grade) => {
    expect(gradeOf(boxes)).toBe(grade)
  })
})

const bars = (highs: number[], lows: number[], delta: number): BarShape[] =>
  highs.map((high, i) => bar(lows[i]!, high, lows[i]!, high, delta))
const FLAT = [10, 10, 10, 10, 10]
const UP = [10, 11, 12, 13, 14]
const DOWN = [14, 13, 12, 11, 10]

describe('bias', () => {
  it.each<[string, BarShape[], ReturnType<typeof biasOf>]>([
    ['higher highs', bars(UP, FLAT, 1), { side: 'BUY', invalidation_ticks: 10, delta_lots: 5 }],
    [
      'higher lows',
      bars([20, 20, 20, 20, 20], UP, 1),
      { side: 'BUY', invalidation_ticks: 10, delta_lots: 5 },
    ],
    [
      'lower highs',
      bars(DOWN, [5, 5, 5, 5, 5], -1),
      { side: 'SELL', invalidation_ticks: 14, delta_lots: -5 },
    ],
    [
      'lower lows',
      bars([20, 20, 20, 20, 20], DOWN, -1),
      { side: 'SELL', invalidation_ticks: 20, delta_lots: -5 },
    ],
    ['higher highs on selling', bars(UP, FLAT, -1), null],
    ['higher highs without delta', bars(UP, FLAT, 0), null],
    ['one equal high', bars([10, 11, 11, 12, 13], FLAT, 1), null],
    ['four bars', bars([10, 11, 12, 13], [1, 1, 1, 1], 1), null],
    [
      'an older bar that does not fit',
      bars([99, ...UP], [1, 1, 1, 1, 1, 1], 1),
      { side: 'BUY', invalidation_ticks: 1, delta_lots: 5 },
    ],
  ])('%s', (_, given, expected) => {
    expect(biasOf(given)).toEqual(expected)
  })
})

describe('order flow', () => {
  const none = { absorbed: [], aggressive: [], trapped: [] }
  it.each<[string, Parameters<typeof supportingOrderFlow>[0], string | null, string | null]>([
    ['sellers absorbed', { ...none, absorbed: ['SELL'] }, 'sellers were absorbed', null],
    ['buyers absorbed', { ...none, absorbed: ['BUY'] }, null, 'buyers were absorbed'],
    ['buyers aggressive', { ...none, aggressive: ['BUY'] }, 'buyers were aggressive', null],
    ['sellers trapped', { ...none, trapped: ['SELL'] }, 'sellers are trapped', null],
    ['nothing', none, null, null],
  ])('%s', (_, evidence, long, short) => {
    expect(supportingOrderFlow(evidence, 'BUY')).toBe(long)
    expect(supportingOrderFlow(evidence, 'SELL')).toBe(short)
  })
})

describe('micro confirmation', () => {
  it.each<[string, BarShape, boolean]>([
    ['closes in the upper 40 %', bar(100, 110, 100, 107, 5), true],
    ['closes exactly at 60 % of the range', bar(100, 110, 100, 106, 5), true],
    ['closes below', bar(100, 110, 100, 105, 5), false],
    ['closes where it opened', bar(107, 110, 100, 107, 5), false],
    ['delta disagrees', bar(100, 110, 100, 107, -5), false],
    ['delta is nothing', bar(100, 110, 100, 107, 0), false],
    ['has no range', bar(100, 100, 100, 100, 5), false],
  ])('continuation: %s', (_, given, confirmed) => {
    expect(confirmsContinuation(given, 'BUY', 0.4)).toBe(confirmed)
    expect(confirmsContinuation(given, 'SELL', 0.4)).toBe(false)
  })

  it.each<[string, BarShape, boolean]>([
    ['hammer', bar(108, 110, 100, 109, 0), true],
    ['hammer that closed down', bar(109, 110, 100, 108, 0), true],
    ['body of 40 %', bar(105, 110, 100, 109, 0), false],
    ['close at 60 %', bar(105, 110, 100, 106, 0), false],
    ['wick no longer than the body', bar(103, 110, 100, 107, 0), false],
    ['no range', bar(100, 100, 100, 100, 0), false],
  ])('reversion: %s', (_, given, confirmed) => {
    expect(confirmsReversion([given, given, given], 'BUY', 0.4)).toBe(confirmed)
  })

  it('reads no rejection from fewer than three bars', () => {
    const hammer = bar(108, 110, 100, 109, 0)
    expect(confirmsReversion([hammer, hammer], 'BUY', 0.4)).toBe(false)
  })
})

describe('exits of trend continuation', () => {
  it.each<[string, Side, Partial<Features>, number, number]>([
    ['behind the wall', 'BUY', {}, 598_401, 603_997],
    [
      'behind the wall, rounded away from entry',
      'BUY',
      { wall_below: { price_ticks: 599_001, quantity_lots: 1, source: 'book' } },
      598_401,
      603_997,
    ],
    ['no wall', 'BUY', { wall_below: null }, 598_200, 604_500],
    [
      'a wall at entry is none',
      'BUY',
      { wall_below: { price_ticks: 600_000, quantity_lots: 1, source: 'book' } },
      598_200,
      604_500,
    ],
    ['short behind the wall', 'SELL', {}, 601_601, 595_998],
    ['short without a wall', 'SELL', { wall_above: null }, 601_800, 595_500],
  ])('%s', (_, side, changes, stop, target) => {
    expect(trendExits(bullish(changes), side, config.trend)).toMatchObject({
      stop_ticks: stop,
      target_ticks: target,
    })
  })

  it.each<[string, Side, number, number, string | null]>([
    ['a long', 'BUY', 990, 1025, null],
    ['exactly two ticks', 'BUY', 998, 1005, null],
    ['one tick', 'BUY', 999, 1005, 'the stop is 1 tick from entry, at least 2'],
    ['at entry', 'BUY', 1000, 1005, 'the stop is at entry'],
    ['wrong side', 'BUY', 1010, 1025, 'the stop is on the wrong side of entry'],
    ['wrong side of a short', 'SELL', 990, 975, 'the stop is on the wrong side of entry'],
    ['target at entry', 'BUY', 990, 1000, 'the target is not beyond entry'],
    ['no price', 'SELL', 1010, 0, 'stop or target is not a price'],
  ])('%s', (_, side, stop_ticks, target_ticks, problem) => {
    expect(exitsProblem({ stop_ticks, target_ticks, basis: '' }, 1000, side, 2)).toBe(problem)
  })
})

const reasonsOf = (
  changes: Partial<Features>,
  side: Side = 'BUY',
  broken = false,
): NoSignalReason[] => {
  const features = bullish(changes)
  const bias = biasOf(features.bars_15m)
  return [...evaluateTrend(features, side, { bias, broken }, config).reasons]
}

describe('filters of trend continuation', () => {
  const crowded = {
    rate: 0.002,
    crowding: 'LONG_CROWDED',
    extremity: 1,
    change_1h: 0,
    sentiment: 'bearish',
    strength: 1,
    filter_long: true,
    filter_short: false,
  } as const

  it.each<[string, NoSignalReason[], NoSignalReason[]]>([
    ['nothing is wrong', reasonsOf({}), []],
    ['market state unknown', reasonsOf({ market_state: 'UNKNOWN' }), []],
    ['initial balance', reasonsOf({ initial_balance_done: false }), ['INITIAL_BALANCE']],
    ['no bias', reasonsOf({ bars_15m: bars(FLAT, FLAT, 1) }), ['NO_BIAS']],
    ['too few bars', reasonsOf({ bars_15m: [] }), ['NO_BIAS', 'NOT_ENOUGH_DATA']],
    ['against the bias', reasonsOf({}, 'SELL'), ['NO_BIAS', 'GRADE_INVALID']],
    ['broken bias', reasonsOf({}, 'BUY', true), ['BIAS_INVALIDATED']],
    ['balance', reasonsOf({ market_state: 'BALANCE' }), ['MARKET_IN_BALANCE']],
    ['grade', reasonsOf({ profile_session: null, absorbed: [], bars_15s: [] }), ['GRADE_INVALID']],
    ['funding', reasonsOf({ funding: crowded }), ['FUNDING_CROWDED']],
    [
      'stop',
      reasonsOf({ price_ticks: 10, wall_below: null, profile_session: null }),
      ['STOP_INVALID'],
    ],
    [
      'everything at once, in order of precedence',
      reasonsOf({
        initial_balance_done: false,
        bars_15m: [],
        market_state: 'BALANCE',
        absorbed: [],
        bars_15s: [],
        funding: crowded,
        price_ticks: 10,
        wall_below: null,
        profile_session: null,
      }),
      [
        'INITIAL_BALANCE',
        'NO_BIAS',
        'MARKET_IN_BALANCE',
        'GRADE_INVALID',
        'FUNDING_CROWDED',
        'STOP_INVALID',
        'NOT_ENOUGH_DATA',
      ],
    ],
  ])('%s', (_, reasons, expected) => {
    expect(reasons).toEqual(expected)
  })
})

const points = (ticks: readonly number[]) => ticks.map((at) => ({ name: `${at}`, ticks: at }))

describe('point of interest', () => {
  it.each<[string, number[], number | null]>([
    ['the nearest', [99_000, 100_150, 99_900], 99_900],
    ['the nearest as a fraction of itself, as the tolerance is', [99_800, 100_200], 100_200],
    ['the first named of two at one price', [100_100, 100_100], 100_100],
    ['none', [], null],
  ])('%s', (_, ticks, nearest) => {
    expect(nearestPointOfInterest(100_000, points(ticks))?.ticks ?? null).toBe(nearest)
  })

  it('is reached when any point is within 0.2 % of itself, the edge included', () => {
    const profile = { poc_ticks: 99_800, vah_ticks: 100_200, val_ticks: 1, volume_lots: 1 }
    const at = (features: Partial<Features>) =>
      evaluateTrend(
        bullish({ price_ticks: 100_000, profile_session: profile, ...features }),
        'BUY',
        { bias: null, broken: false },
        config,
      ).boxes.find(({ box }) => box === 'POI')?.checked
    expect(at({})).toBe(true)
    expect(at({ profile_session: { ...profile, vah_ticks: 100_201 } })).toBe(false)
    expect(at({ profile_session: null, swing_low_ticks: 100_200 })).toBe(true)
    expect(at({ profile_session: null, price_ticks: 100_200, swing_high_ticks: 100_000 })).toBe(
      true,
    )
    expect(at({ profile_session: null, price_ticks: 100_201, swing_high_ticks: 100_000 })).toBe(
      false,
    )
    expect(at({ profile_session: null, profile_previous: profile })).toBe(true)
  })
})

/** Price 1,000.0 ticks of 0.1 below VWAP by `deviations` of 20; a hammer; bullish divergence. 18:00 UTC. */
const stretched = (deviations: number, changes: Partial<Features> = {}): Features =>
  bullish({
    at: NOON + 6 * 3_600_000,
    price_ticks: 600_000,
    vwap: 60_000 + deviations * 200,
    vwap_std: 200,
    divergence: 'BULLISH',
    absorbed: [],
    bars_15s: [1, 2, 3].map(() => bar(599_980, 600_000, 599_900, 599_995, 0)),
    ...changes,
  })

describe('mean reversion (S3 §6.3)', () => {
  const noHammer = { bars_15s: [] }
  it.each<[string, Features, Grade, number, NoSignalReason[]]>([
    ['2 deviations, rejected', stretched(2), 'C', 4, []],
    ['3 deviations, rejected', stretched(3), 'B', 4, []],
    ['2 deviations, no rejection', stretched(2, noHammer), 'C', 3, []],
    ['3 deviations, no rejection', stretched(3, noHammer), 'C', 3, []],
    ['exhausted by absorption', stretched(2, { divergence: null, absorbed: ['SELL'] }), 'C', 4, []],
    [
      'divergence of the other kind',
      stretched(2, { divergence: 'BEARISH' }),
      'INVALID',
      3,
      ['NO_EXHAUSTION', 'GRADE_INVALID'],
    ],
    ['not stretched', stretched(1.99), 'INVALID', 3, ['NOT_STRETCHED', 'GRADE_INVALID']],
    [
      'deviation of zero',
      stretched(2, { vwap_std: 0 }),
      'INVALID',
      3,
      ['NOT_STRETCHED', 'GRADE_INVALID'],
    ],
    [
      'VWAP unknown',
      stretched(2, { vwap: null, vwap_std: null }),
      'INVALID',
      3,
      ['NOT_STRETCHED', 'GRADE_INVALID', 'NOT_ENOUGH_DATA'],
    ],
    ['before the window', stretched(2, { at: NOON }), 'C', 3, ['OUTSIDE_WINDOW']],
    ['a stop of one tick', stretched(2, { atr_15m: 0.1 }), 'C', 4, ['STOP_INVALID']],
  ])('%s', (_, features, grade, score, reasons) => {
    const evaluation = evaluateReversion(features, 'BUY', config)
    expect([evaluation.grade, evaluation.score, evaluation.reasons]).toEqual([
      grade,
      score,
      reasons,
    ])
    const short = evaluateReversion(mirrored(features, 600_000), 'SELL', config)
    expect([short.grade, short.score, short.reasons]).toEqual([grade, score, reasons])
  })

  it('stops one ATR away and aims at VWAP', () => {
    const exits = reversionExits(stretched(2), 'BUY', config.mean_reversion)
    expect(exits).toMatchObject({ stop_ticks: 598_500, target_ticks: 604_000 })
  })

  it.each([null, 0])('stops at a fixed fraction while ATR is %p', (atr_15m) => {
    const exits = reversionExits(stretched(2, { atr_15m }), 'BUY', config.mean_reversion)
    expect(exits?.stop_ticks).toBe(597_000)
  })

  it.each([
    ['17:44:45', false],
    ['17:45:00', true],
    ['22:00:00', true],
    ['22:00:15', false],
  ])('the window at %s: %s', (time, inside) => {
    expect(isInWindow(Date.parse(`2024-08-08T${time}Z`), '17:45', '22:00')).toBe(inside)
  })

  it('may wrap midnight', () => {
    expect(isInWindow(Date.parse('2024-08-08T23:30:00Z'), '23:00', '01:00')).toBe(true)
    expect(isInWindow(Date.parse('2024-08-08T00:30:00Z'), '23:00', '01:00')).toBe(true)
    expect(isInWindow(Date.parse('2024-08-08T12:00:00Z'), '23:00', '01:00')).toBe(false)
  })
})
