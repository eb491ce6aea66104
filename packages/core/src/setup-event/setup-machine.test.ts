import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { FeatureSnapshot } from '../features/index.ts'
import { CONFIG } from './setup-event.fixture.ts'
import { IDLE, stepMachine, type MachineState } from './setup-machine.ts'

/** An inside bar with a small body, in calm volatility, near the middle of yesterday. */
const compressed: FeatureSnapshot = {
  close: 100,
  is_inside_bar: 1,
  candle_body_pct: 0.39,
  vol_state: 'normal',
  htf_price_vs_daily_mid: 0.74,
  is_impulse_candle: 0,
  vol_burst: false,
  donchian_upper_short: 101,
  donchian_lower_short: 99,
  atr_14: 1.5,
}
const waiting = (bars = 0): MachineState => ({
  at: 'compression_candidate',
  startedAt: 1,
  range: { high: 101, low: 99 },
  atr: 1.5,
  bars,
})
const step = (state: MachineState, changes: FeatureSnapshot) =>
  stepMachine(state, { ...compressed, ...changes }, 1, CONFIG)

describe('idle: is this a compression?', () => {
  it.each<[string, FeatureSnapshot, boolean]>([
    ['all of it', {}, true],
    ['low volatility', { vol_state: 'low' }, true],
    ['high volatility', { vol_state: 'high' }, false],
    ['extreme volatility', { vol_state: 'extreme' }, false],
    ['unknown volatility', { vol_state: null }, false],
    ['no inside bar', { is_inside_bar: 0 }, false],
    ['nothing to be inside of', { is_inside_bar: null }, false],
    ['a body at the limit', { candle_body_pct: 0.4 }, false],
    ['a body of zero', { candle_body_pct: 0 }, true],
    ['an unknown body', { candle_body_pct: null }, false],
    ["at the limit of yesterday's middle", { htf_price_vs_daily_mid: 0.75 }, false],
    ["far below yesterday's middle", { htf_price_vs_daily_mid: -0.76 }, false],
    ['yesterday unknown', { htf_price_vs_daily_mid: null }, true],
  ])('%s', (_, changes, expected) => {
    const { next, transition } = step(IDLE, changes)
    expect(next).toEqual(expected ? waiting() : IDLE)
    expect(transition).toEqual(expected ? { kind: 'compressed' } : null)
  })

  it('without a channel yet there is no range to break', () => {
    const { next } = step(IDLE, { donchian_upper_short: null })
    expect(next).toMatchObject({ at: 'compression_candidate', range: null })
    expect(step(next, { close: 500, vol_burst: true }).transition).toBeNull()
  })
})

const EXPANDED = { kind: 'released', why: 'EXPANDED' }
describe('compressed: does it break?', () => {
  it.each<[string, number, FeatureSnapshot, object | null]>([
    [
      'up with an impulse',
      0,
      { close: 101.2, is_impulse_candle: 1 },
      { kind: 'broke', direction: 'up' },
    ],
    [
      'up with a volume burst',
      0,
      { close: 101.2, vol_burst: true },
      { kind: 'broke', direction: 'up' },
    ],
    ['down', 0, { close: 98.8, vol_burst: true }, { kind: 'broke', direction: 'down' }],
    ['beyond the range but within the noise', 0, { close: 101.1, vol_burst: true }, null],
    ['below the range but within the noise', 0, { close: 98.91, vol_burst: true }, null],
    ['beyond without impulse or burst', 0, { close: 105 }, null],
    [
      'beyond, impulse and burst unknown',
      0,
      { close: 105, is_impulse_candle: null, vol_burst: null },
      null,
    ],
    ['an impulse inside the range', 0, { is_impulse_candle: 1 }, EXPANDED],
    ['extreme volatility', 0, { vol_state: 'extreme' }, EXPANDED],
    ['high volatility only', 0, { vol_state: 'high' }, null],
    [
      'a break in extreme volatility',
      0,
      { close: 101.2, vol_burst: true, vol_state: 'extreme' },
      { kind: 'broke', direction: 'up' },
    ],
    ['compressed still', 0, {}, null],
    [
      'a break on the last bar allowed',
      23,
      { close: 101.2, vol_burst: true },
      { kind: 'broke', direction: 'up' },
    ],
    [
      'a break one bar later',
      24,
      { close: 101.2, vol_burst: true },
      { kind: 'released', why: 'EXPIRED' },
    ],
    ['waited too long, compressed or not', 24, {}, { kind: 'released', why: 'EXPIRED' }],
  ])('%s', (_, bars, changes, transition) => {
    expect(step(waiting(bars), changes).transition).toEqual(transition)
  })
})

it('after a break nothing is looked for until the outcome is due', () => {
  let state: MachineState = { at: 'break_attempt', bars: 0 }
  for (let bar = 0; bar < 48; bar++) {
    const { next, transition } = step(state, {})
    expect(transition).toBeNull()
    state = next
  }
  expect(step(state, {})).toEqual({
    next: IDLE,
    transition: { kind: 'released', why: 'OUTCOME_DUE' },
  })
})

/** The same rules as a search over the whole series, with indexes instead of a state. */
const reference = (bars: readonly FeatureSnapshot[]): [number, string][] => {
  const found: [number, string][] = []
  const ok = (i: number): boolean => {
    const {
      is_inside_bar,
      candle_body_pct: body,
      vol_state,
      htf_price_vs_daily_mid: mid,
    } = bars[i]!
    if (is_inside_bar !== 1 || body === null || (body as number) >= 0.4) return false
    return (
      ['low', 'normal'].includes(vol_state as string) &&
      (mid === null || Math.abs(mid as number) < 0.75)
    )
  }
  for (let i = 0; i < bars.length; i++) {
    if (!ok(i)) continue
    found.push([i, 'compressed'])
    const [high, low] = [bars[i]!['donchian_upper_short'], bars[i]!['donchian_lower_short']] as [
      number,
      number,
    ]
    const later = bars.slice(i + 1, i + 25)
    const isBreak = ({ close, is_impulse_candle, vol_burst }: FeatureSnapshot): boolean =>
      ((close as number) > high * 1.001 || (close as number) < low * 0.999) &&
      (is_impulse_candle === 1 || vol_burst === true)
    const broke = later.findIndex(isBreak)
    const grew = later.findIndex(
      (each) => each['vol_state'] === 'extreme' || each['is_impulse_candle'] === 1,
    )
    if (broke >= 0 && (grew < 0 || broke <= grew)) {
      found.push([i + 1 + broke, 'broke'])
      i += 1 + broke + 49
    } else i += grew >= 0 ? 1 + grew : 25
  }
  return found
}

const chance = (percent: number) => fc.integer({ min: 1, max: 100 }).map((n) => n <= percent)

it('agrees with a search over the whole series', () => {
  const bar = fc
    .record({
      inside: chance(40),
      body: fc.constantFrom(0, 0.2, 0.39, 0.4, null),
      state: fc.constantFrom('low', 'normal', 'normal', 'normal', 'high', null),
      extreme: chance(1),
      mid: fc.constantFrom(0, 0.5, -0.7, 0.75, null),
      impulse: chance(4),
      burst: chance(10),
      close: fc.integer({ min: 94, max: 106 }),
      high: fc.integer({ min: 101, max: 104 }),
      low: fc.integer({ min: 96, max: 99 }),
    })
    .map((each): FeatureSnapshot => ({
      is_inside_bar: each.inside ? 1 : 0,
      candle_body_pct: each.body,
      vol_state: each.extreme ? 'extreme' : each.state,
      htf_price_vs_daily_mid: each.mid,
      is_impulse_candle: each.impulse ? 1 : 0,
      vol_burst: each.burst,
      close: each.close,
      donchian_upper_short: each.high,
      donchian_lower_short: each.low,
    }))
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(bar, { minLength: 100, maxLength: 400 }), (bars) => {
      let state: MachineState = IDLE
      const found: [number, string][] = []
      for (const [i, each] of bars.entries()) {
        const { next, transition } = stepMachine(state, each, i, CONFIG)
        state = next
        if (transition !== null)
          seen.add(transition.kind === 'released' ? transition.why : transition.kind)
        if (transition !== null && transition.kind !== 'released') found.push([i, transition.kind])
      }
      expect(found).toEqual(reference(bars))
    }),
    { numRuns: 300 },
  )
  // Every way through the machine was taken, or the comparison shows nothing.
  expect([...seen].toSorted()).toEqual([
    'EXPANDED',
    'EXPIRED',
    'OUTCOME_DUE',
    'broke',
    'compressed',
  ])
})
