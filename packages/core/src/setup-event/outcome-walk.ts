import type { BarClosed, SetupEventRecorded, SetupOutcomeDecided } from '@tapedeck/contracts'
import type { SetupLevels } from './setup-levels.ts'

/** What a bar, a finer bar or a trade showed of the market. */
export type PriceSpan = {
  readonly high: number
  readonly low: number
  readonly close: number
  readonly closeTime: number
}

/** Which level a span of prices reached. */
export type Touch = 'target' | 'stop' | 'both'

/** What one finer source has shown since the last bar closed. Plain JSON. */
export type LaneState = {
  touch: Touch | null
  /** When it touched, and the extremes up to then. */
  at: number
  high: number
  low: number
}

/** An attempt on its way to an outcome. Plain JSON. */
export type OpenAttempt = {
  readonly venue: string
  readonly symbol: string
  readonly timeframe: BarClosed['timeframe']
  readonly setup_event_id: string
  readonly setup_chain_id: string
  /** Close of the break bar: only what opened at or after it counts. */
  readonly ts: number
  readonly ttl: number
  readonly levels: SetupLevels
  bars: number
  high: number
  low: number
  /** By finer timeframe, or `trades`. */
  lanes: Record<string, LaneState>
}

/** Null when the event is not a break attempt with its levels. */
export const openAttempt = (event: SetupEventRecorded): OpenAttempt | null => {
  const { entry_price, stop_price_abs, target_price_abs, break_direction } = event
  if (event.state !== 'break_attempt' || break_direction === null) return null
  if (entry_price === null || stop_price_abs === null || target_price_abs === null) return null
  return {
    venue: event.venue,
    symbol: event.symbol,
    timeframe: event.timeframe,
    setup_event_id: event.setup_event_id,
    setup_chain_id: event.setup_chain_id,
    ts: event.ts,
    ttl: event.ttl_bars,
    levels: {
      direction: break_direction,
      entry: entry_price,
      stop: stop_price_abs,
      target: target_price_abs,
    },
    bars: 0,
    high: entry_price,
    low: entry_price,
    lanes: {},
  }
}

/** Reaching a level exactly is touching it. */
export const touchOf = (
  levels: SetupLevels,
  { high, low }: { readonly high: number; readonly low: number },
): Touch | null => {
  const up = levels.direction === 'up'
  const target = up ? high >= levels.target : low <= levels.target
  const stop = up ? low <= levels.stop : high >= levels.stop
  if (target && stop) return 'both'
  if (target) return 'target'
  return stop ? 'stop' : null
}

/** Follows a finer source inside the bar that is still open. What comes after its first touch is not looked at. */
export const followLane = (attempt: OpenAttempt, lane: string, span: PriceSpan): void => {
  const state = (attempt.lanes[lane] ??= {
    touch: null,
    at: 0,
    high: -Infinity,
    low: Infinity,
  })
  if (state.touch !== null) return
  state.high = Math.max(state.high, span.high)
  state.low = Math.min(state.low, span.low)
  state.at = span.closeTime
  state.touch = touchOf(attempt.levels, span)
}

const signed = (levels: SetupLevels, price: number): number =>
  levels.direction === 'up' ? price - levels.entry : levels.entry - price

type Ending = Pick<
  SetupOutcomeDecided,
  'outcome' | 'outcome_ts' | 'r_achieved' | 'ambiguous' | 'resolved_with'
> & { readonly high: number; readonly low: number }

export const decidedOutcome = (attempt: OpenAttempt, ending: Ending): SetupOutcomeDecided => {
  const { levels } = attempt
  const up = levels.direction === 'up'
  const percent = (move: number): number => Math.max(0, (100 * move) / levels.entry)
  const { high, low, ...rest } = ending
  return {
    venue: attempt.venue,
    symbol: attempt.symbol,
    timeframe: attempt.timeframe,
    setup_event_id: attempt.setup_event_id,
    setup_chain_id: attempt.setup_chain_id,
    ...rest,
    bars_to_outcome: attempt.bars,
    break_direction: levels.direction,
    entry_price: levels.entry,
    stop_price_abs: levels.stop,
    target_price_abs: levels.target,
    mfe_pct: percent(signed(levels, up ? high : low)),
    mae_pct: percent(-signed(levels, up ? low : high)),
  }
}

/** R of a price: (price - entry) / (entry - stop). */
export const rOf = (levels: SetupLevels, price: number): number =>
  (price - levels.entry) / (levels.entry - levels.stop) + 0
