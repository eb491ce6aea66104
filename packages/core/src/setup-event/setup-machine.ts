import type { BreakDirection, SetupEventsConfig } from '@tapedeck/contracts'
import type { FeatureSnapshot } from '../features/index.ts'
import { breakDirection, type LockedRange } from './setup-levels.ts'

/** Where the machine of one instrument and timeframe stands. Plain JSON. */
export type MachineState =
  | { readonly at: 'idle' }
  | {
      readonly at: 'compression_candidate'
      readonly startedAt: number
      readonly range: LockedRange | null
      readonly atr: number | null
      readonly bars: number
    }
  | { readonly at: 'break_attempt'; readonly bars: number }

/** What a bar did: began a chain, broke out, ended one without an event, or nothing. */
export type SetupTransition =
  | { readonly kind: 'compressed' }
  | { readonly kind: 'broke'; readonly direction: BreakDirection }
  | { readonly kind: 'released'; readonly why: 'EXPIRED' | 'EXPANDED' | 'OUTCOME_DUE' }
  | null

/** The part of the configuration that the machine decides by. */
export type MachineRules = Pick<
  SetupEventsConfig,
  'compression' | 'break_noise_fraction' | 'outcome_ttl_bars'
>

export const IDLE: MachineState = { at: 'idle' }

const numberIn = (snapshot: FeatureSnapshot, name: string): number | null => {
  const value = snapshot[name]
  return typeof value === 'number' ? value : null
}

/** Inside bar, small body, volatility low or normal, not at an extreme of yesterday unless that is unknown. */
export const isCompressed = (snapshot: FeatureSnapshot, rules: MachineRules): boolean => {
  const { body_max, htf_mid_max } = rules.compression
  const body = numberIn(snapshot, 'candle_body_pct')
  const distance = numberIn(snapshot, 'htf_price_vs_daily_mid')
  return (
    snapshot['is_inside_bar'] === 1 &&
    body !== null &&
    body < body_max &&
    (snapshot['vol_state'] === 'low' || snapshot['vol_state'] === 'normal') &&
    (distance === null || Math.abs(distance) < htf_mid_max)
  )
}

/** Volatility burst open without a break: the compression is over. */
const isExpanded = (snapshot: FeatureSnapshot): boolean =>
  snapshot['vol_state'] === 'extreme' || snapshot['is_impulse_candle'] === 1

const breakOf = (
  snapshot: FeatureSnapshot,
  range: LockedRange | null,
  noise: number,
): BreakDirection | null => {
  const confirmed = snapshot['is_impulse_candle'] === 1 || snapshot['vol_burst'] === true
  const close = numberIn(snapshot, 'close')
  return range === null || close === null || !confirmed ? null : breakDirection(range, close, noise)
}

const rangeOf = (snapshot: FeatureSnapshot): LockedRange | null => {
  const high = numberIn(snapshot, 'donchian_upper_short')
  const low = numberIn(snapshot, 'donchian_lower_short')
  return high === null || low === null ? null : { high, low }
}

const released = (why: 'EXPIRED' | 'EXPANDED' | 'OUTCOME_DUE') =>
  ({ next: IDLE, transition: { kind: 'released', why } }) as const

/**
 * One closed bar through the state machine of S0 step 4. In order: a candidate that waited too long is
 * released, then a break is looked for, then an expansion without a break. A bar that releases begins
 * nothing new; the next one may.
 */
export const stepMachine = (
  state: MachineState,
  snapshot: FeatureSnapshot,
  at: number,
  rules: MachineRules,
): { readonly next: MachineState; readonly transition: SetupTransition } => {
  if (state.at === 'idle') {
    if (!isCompressed(snapshot, rules)) return { next: state, transition: null }
    const range = rangeOf(snapshot)
    const atr = numberIn(snapshot, 'atr_14')
    return {
      next: { at: 'compression_candidate', startedAt: at, range, atr, bars: 0 },
      transition: { kind: 'compressed' },
    }
  }
  const bars = state.bars + 1
  if (state.at === 'break_attempt')
    return bars > rules.outcome_ttl_bars
      ? released('OUTCOME_DUE')
      : { next: { at: 'break_attempt', bars }, transition: null }
  if (bars > rules.compression.ttl_bars) return released('EXPIRED')
  const direction = breakOf(snapshot, state.range, rules.break_noise_fraction)
  if (direction !== null)
    return { next: { at: 'break_attempt', bars: 0 }, transition: { kind: 'broke', direction } }
  if (isExpanded(snapshot)) return released('EXPANDED')
  return { next: { ...state, bars }, transition: null }
}
