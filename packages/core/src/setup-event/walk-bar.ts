import { TIMEFRAME_MS, type SetupOutcomeDecided, type Timeframe } from '@tapedeck/contracts'
import {
  decidedOutcome,
  rOf,
  touchOf,
  type LaneState,
  type OpenAttempt,
  type PriceSpan,
} from './outcome-walk.ts'

const TRADES = 'trades'

const fineness = (lane: string): number => (lane === TRADES ? 0 : TIMEFRAME_MS[lane as Timeframe])

/** The finest source that tells which level came first, if any does. */
const clearestLane = (
  lanes: Readonly<Record<string, LaneState>>,
): readonly [string, LaneState] | undefined =>
  Object.entries(lanes)
    .filter(([, { touch }]) => touch === 'target' || touch === 'stop')
    .toSorted(([a], [b]) => fineness(a) - fineness(b))[0]

/** A bar that reached both levels: a finer source decides, else the stop, flagged. */
const resolveBoth = (attempt: OpenAttempt, bar: PriceSpan): SetupOutcomeDecided => {
  const clear = clearestLane(attempt.lanes)
  if (clear === undefined)
    return decidedOutcome(attempt, {
      outcome: 'hit_stop',
      outcome_ts: bar.closeTime,
      r_achieved: -1,
      ambiguous: true,
      resolved_with: 'bars',
      high: Math.max(attempt.high, bar.high),
      low: Math.min(attempt.low, bar.low),
    })
  const [lane, state] = clear
  const won = state.touch === 'target'
  return decidedOutcome(attempt, {
    outcome: won ? 'hit_1r' : 'hit_stop',
    outcome_ts: state.at,
    r_achieved: won ? 1 : -1,
    ambiguous: false,
    resolved_with: lane === TRADES ? 'trades' : 'lower_timeframe',
    high: Math.max(attempt.high, state.high),
    low: Math.min(attempt.low, state.low),
  })
}

/**
 * One closed bar of the attempt's own timeframe (S0 step 8): target, stop, both, or the end of its time.
 * Null while it goes on. Work and memory do not grow with the number of bars.
 */
export const walkBar = (attempt: OpenAttempt, bar: PriceSpan): SetupOutcomeDecided | null => {
  attempt.bars++
  const touch = touchOf(attempt.levels, bar)
  if (touch === 'both') return resolveBoth(attempt, bar)
  attempt.lanes = {}
  attempt.high = Math.max(attempt.high, bar.high)
  attempt.low = Math.min(attempt.low, bar.low)
  const over = touch === null && attempt.bars >= attempt.ttl
  if (touch === null && !over) return null
  return decidedOutcome(attempt, {
    outcome: over ? 'ttl_expired' : touch === 'target' ? 'hit_1r' : 'hit_stop',
    outcome_ts: bar.closeTime,
    r_achieved: over ? rOf(attempt.levels, bar.close) : touch === 'target' ? 1 : -1,
    ambiguous: false,
    resolved_with: 'bars',
    high: attempt.high,
    low: attempt.low,
  })
}
