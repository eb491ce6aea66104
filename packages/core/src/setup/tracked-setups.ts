import {
  SETUP_STATES,
  TIMEFRAME_MS,
  output,
  type BarClosed,
  type BreakDirection,
  type ModelScore,
  type Output,
  type SetupEventRecorded,
  type SetupEventsConfig,
  type SetupOutcomeDecided,
  type Side,
  type SignalGenerated,
} from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { FEATURE_SCHEMA_VERSION, type FeatureSnapshot } from '../features/index.ts'
import {
  askScorer,
  createSetupEventTracker,
  type ModelScorer,
  type SetupEventTracker,
} from '../setup-event/index.ts'

type On = { readonly venue: string; readonly symbol: string }

/** A model beside the rules. Absent: none speaks. */
export type SetupModel = {
  readonly scorer: ModelScorer
  /** The caller's monotonic clock in ms, by which a slow scorer is found out. Default: none is slow. */
  readonly nowMs?: () => number
}

/** A break attempt that is under way. */
type Attempt = On & {
  readonly timeframe: BarClosed['timeframe']
  readonly setup_event_id: string
  readonly direction: BreakDirection
  readonly at: number
}

type Saved = {
  tracker: Json
  attempts: Record<string, Attempt>
  /** What was known at the last bar of each timeframe. Kept for the model only. */
  latest: Record<string, FeatureSnapshot>
}

/** What a signal carries of the setup that it came from. */
export type SetupLink = Pick<
  SignalGenerated,
  'setup_event_id' | 'feature_schema_version' | 'strategy_template_version' | 'model_score'
>

const WAY: Readonly<Record<Side, BreakDirection>> = { BUY: 'up', SELL: 'down' }
const keyOf = ({ venue, symbol }: On, timeframe: string): string =>
  `${venue}|${symbol}|${timeframe}`
const isOf = (on: On, other: On): boolean => on.venue === other.venue && on.symbol === other.symbol

const recorded = (event: SetupEventRecorded): Output =>
  output('setup.event.recorded', {
    aggregate_id: event.setup_chain_id,
    // A chain enters each state once, in their order.
    aggregate_version: SETUP_STATES.indexOf(event.state) + 1,
    occurred_at: event.ts,
    correlation_id: event.setup_chain_id,
    payload: event,
  })

/** Null when the model said nothing at all: no model and no score look the same to whoever reads it. */
const spoken = (score: ModelScore): ModelScore | null =>
  Object.values(score).every((part) => part === null) ? null : score

/**
 * Setup events beside the setups of order flow: which break attempt is under way where, so that a signal
 * can say what it came from. An attempt ends with its outcome, or when its time is over.
 */
export class TrackedSetups {
  readonly #config: SetupEventsConfig
  readonly #model: SetupModel | undefined
  readonly #tracker: SetupEventTracker
  #attempts: Record<string, Attempt>
  #latest: Record<string, FeatureSnapshot>

  constructor(config: SetupEventsConfig, model?: SetupModel, snapshot?: Json) {
    const saved = snapshot as Saved | undefined
    this.#config = config
    this.#model = model
    this.#tracker = createSetupEventTracker({ config, ...model }, saved?.tracker)
    this.#attempts = { ...saved?.attempts }
    this.#latest = { ...saved?.latest }
  }

  /** A closed bar: the event that it caused, if any. */
  onBar(bar: BarClosed): Output[] {
    const watched = this.#tracker.watch(bar)
    if (watched === null) return []
    const key = keyOf(bar, bar.timeframe)
    const { event, transition } = watched
    // Asked for only where somebody wants it: freezing it costs more than the rest.
    if (this.#model !== undefined) this.#latest[key] = watched.snapshot
    if (transition?.kind === 'released') delete this.#attempts[key]
    if (event === null) return []
    if (event.break_direction !== null)
      this.#attempts[key] = {
        venue: bar.venue,
        symbol: bar.symbol,
        timeframe: bar.timeframe,
        setup_event_id: event.setup_event_id,
        direction: event.break_direction,
        at: event.ts,
      }
    return [recorded(event)]
  }

  /** The attempt has its outcome: what comes now did not come from it. */
  onOutcome(decided: SetupOutcomeDecided): void {
    const key = keyOf(decided, decided.timeframe)
    if (this.#attempts[key]?.setup_event_id === decided.setup_event_id) delete this.#attempts[key]
  }

  /** What a signal of this symbol and side comes from, and what the model says at this moment. */
  linkOf(on: On, side: Side): SetupLink {
    if (!this.#config.enabled)
      return {
        setup_event_id: null,
        feature_schema_version: null,
        strategy_template_version: null,
        model_score: null,
      }
    const attempt = this.#attemptOf(on, side)
    return {
      setup_event_id: attempt?.setup_event_id ?? null,
      feature_schema_version: FEATURE_SCHEMA_VERSION,
      strategy_template_version: this.#config.strategy_template_version,
      model_score: this.#scoreOf(on, attempt),
    }
  }

  /** Of several timeframes, the newest attempt; of equally new ones, the one of the longer timeframe. */
  #attemptOf(on: On, side: Side): Attempt | null {
    const [newest] = Object.values(this.#attempts)
      .filter((attempt) => isOf(attempt, on) && attempt.direction === WAY[side])
      .toSorted((a, b) => b.at - a.at || TIMEFRAME_MS[b.timeframe] - TIMEFRAME_MS[a.timeframe])
    return newest ?? null
  }

  /** By the features of the attempt's timeframe as they are now; without one, of the shortest watched. */
  #scoreOf(on: On, attempt: Attempt | null): ModelScore | null {
    if (this.#model === undefined) return null
    const [shortest] = this.#config.timeframes.toSorted((a, b) => TIMEFRAME_MS[a] - TIMEFRAME_MS[b])
    const snapshot = this.#latest[keyOf(on, attempt?.timeframe ?? shortest!)]
    if (snapshot === undefined) return null
    const { scorer, nowMs = () => 0 } = this.#model
    return spoken(askScorer(scorer, snapshot, nowMs, this.#config.score_ms_max).score)
  }

  /** Another market begins: nothing of the old one is remembered. */
  reset(): void {
    this.#tracker.reset()
    this.#attempts = {}
    this.#latest = {}
  }

  snapshot(): Json {
    return {
      tracker: this.#tracker.snapshot(),
      attempts: this.#attempts,
      latest: this.#latest as unknown as Json,
    }
  }
}
