import {
  TIMEFRAME_MS,
  type BarClosed,
  type SetupEventRecorded,
  type SetupOutcomeDecided,
  type Timeframe,
} from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { featureBarOf } from '../features/index.ts'
import { copyJson } from '../message/index.ts'
import { followLane, openAttempt, type OpenAttempt, type PriceSpan } from './outcome-walk.ts'
import { keepBar, missedBars, type RecentBars } from './recent-bars.ts'
import { walkBar } from './walk-bar.ts'

type State = { open: OpenAttempt[]; recent: RecentBars }
type On = { readonly venue: string; readonly symbol: string }

/** Labels break attempts. Each event gets one outcome, once; nothing changes it afterwards. */
export interface SetupOutcomeTracker {
  /**
   * Begins to follow a break attempt; anything else passes by. Bars that came before it on the tape but
   * opened later count; an attempt that is read when such bars are forgotten stays without a label.
   */
  onEvent(event: SetupEventRecorded): SetupOutcomeDecided[]
  /** Takes a closed bar of any timeframe; gives what it decided. */
  onBar(bar: BarClosed): SetupOutcomeDecided[]
  /** A trade, where there are any: the finest source for a bar that touches both levels. Price in quote units. */
  onTrade(on: On, price: number, at: number): void
  /** Attempts without an outcome. */
  readonly openCount: number
  /** Another market begins: what is open stays without an outcome. */
  reset(): void
  snapshot(): Json
}

const isOf = (attempt: OpenAttempt, on: On): boolean =>
  attempt.symbol === on.symbol && attempt.venue === on.venue

/** One bar of the attempt's own timeframe walks it; a finer one is followed; a longer one passes by. */
const stepAttempt = (
  attempt: OpenAttempt,
  timeframe: Timeframe,
  span: PriceSpan,
): SetupOutcomeDecided | null => {
  if (timeframe === attempt.timeframe) return walkBar(attempt, span)
  if (TIMEFRAME_MS[timeframe] < TIMEFRAME_MS[attempt.timeframe])
    followLane(attempt, timeframe, span)
  return null
}

class OutcomeTracker implements SetupOutcomeTracker {
  #state: State

  constructor(snapshot?: Json) {
    this.#state =
      snapshot === undefined ? { open: [], recent: {} } : (copyJson(snapshot) as unknown as State)
  }

  get openCount(): number {
    return this.#state.open.length
  }

  onEvent(event: SetupEventRecorded): SetupOutcomeDecided[] {
    const attempt = openAttempt(event)
    if (attempt === null) return []
    const known = this.#state.open.some((each) => each.setup_event_id === attempt.setup_event_id)
    if (known) return []
    const missed = missedBars(this.#state.recent, attempt)
    if (missed === null) return []
    for (const { timeframe, span } of missed) {
      const decided = stepAttempt(attempt, timeframe, span)
      if (decided !== null) return [decided]
    }
    this.#state.open.push(attempt)
    return []
  }

  onBar(bar: BarClosed): SetupOutcomeDecided[] {
    const { openTime, closeTime, high, low, close } = featureBarOf(bar)
    const span = { openTime, closeTime, high, low, close }
    keepBar(this.#state.recent, bar, span)
    const decided: SetupOutcomeDecided[] = []
    this.#state.open = this.#state.open.filter((attempt) => {
      if (!isOf(attempt, bar) || openTime < attempt.ts) return true
      const outcome = stepAttempt(attempt, bar.timeframe, span)
      if (outcome !== null) decided.push(outcome)
      return outcome === null
    })
    return decided
  }

  onTrade(on: On, price: number, at: number): void {
    const span = { high: price, low: price, close: price, closeTime: at }
    for (const attempt of this.#state.open)
      if (isOf(attempt, on) && at >= attempt.ts) followLane(attempt, 'trades', span)
  }

  reset(): void {
    this.#state = { open: [], recent: {} }
  }

  snapshot(): Json {
    return copyJson(this.#state)
  }
}

/**
 * Decides what became of break attempts, bar by bar (S0 step 8): first touch of target or stop, or the end
 * of their time. A deterministic function of the events and bars in the order they are given.
 */
export const createSetupOutcomeTracker = (snapshot?: Json): SetupOutcomeTracker =>
  new OutcomeTracker(snapshot)
