import type { BarClosed, SetupEventRecorded, SetupEventsConfig } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import {
  ENGINE_SEMVER,
  FEATURE_SCHEMA_VERSION,
  FeatureBuilder,
  featureBarOf,
  freezeSnapshot,
  snapshotHash,
  type FeatureSnapshot,
} from '../features/index.ts'
import type { Scoring } from './model-scorer.ts'
import { sessionContextAt } from './session-context.ts'
import { setupChainId, setupEventId } from './setup-id.ts'
import { setupLevels, type LockedRange, type SetupLevels } from './setup-levels.ts'
import { IDLE, stepMachine, type MachineState, type SetupTransition } from './setup-machine.ts'

/** Bars that a range is measured on, and the one at hand: missing trades in any of them taint the event. */
const TAINT_BARS = 21

type Saved = {
  features: Json
  machine: MachineState
  chainId: string | null
  untainted: number
}

/** A chain as it stands when one of its transitions is recorded. */
type Chain = {
  readonly id: string
  readonly startedAt: number
  readonly range: LockedRange | null
  readonly atr: number | null
}

export type WatchResult = {
  readonly event: SetupEventRecorded | null
  readonly transition: SetupTransition
  /** What is known at the close of the bar, frozen when it is asked for. */
  readonly snapshot: FeatureSnapshot
}

const result = (
  event: SetupEventRecorded | null,
  transition: SetupTransition,
  features: FeatureSnapshot,
): WatchResult => ({
  event,
  transition,
  get snapshot() {
    return freezeSnapshot(features)
  },
})

type Scorer = (snapshot: FeatureSnapshot) => Scoring

/** One instrument in one timeframe: its features, its machine, and the record of its transitions. */
export class InstrumentWatch {
  readonly #config: SetupEventsConfig
  readonly #score: Scorer
  readonly #features: FeatureBuilder
  #machine: MachineState
  #chainId: string | null
  /** Bars since the last tainted one. */
  #untainted: number

  constructor(config: SetupEventsConfig, score: Scorer, snapshot?: Json) {
    const saved = snapshot as Saved | undefined
    this.#config = config
    this.#score = score
    this.#features = new FeatureBuilder(saved?.features)
    this.#machine = saved?.machine ?? IDLE
    this.#chainId = saved?.chainId ?? null
    this.#untainted = saved?.untainted ?? TAINT_BARS
  }

  /** Adds a closed bar. */
  update(bar: BarClosed): WatchResult {
    const features = this.#features.advance(featureBarOf(bar))
    this.#untainted = bar.tainted ? 0 : Math.min(TAINT_BARS, this.#untainted + 1)
    const before = this.#machine
    const { next, transition } = stepMachine(before, features, bar.close_time, this.#config)
    this.#machine = next
    if (transition?.kind === 'compressed' && next.at === 'compression_candidate') {
      this.#chainId = this.#newChain(bar)
      const chain = {
        id: this.#chainId,
        startedAt: bar.close_time,
        range: next.range,
        atr: next.atr,
      }
      return result(this.#record(bar, features, chain, null), transition, features)
    }
    if (transition?.kind === 'broke' && before.at === 'compression_candidate') {
      const { startedAt, range, atr } = before
      const chain = { id: this.#chainId!, startedAt, range, atr }
      const close = features['close'] as number
      const buffer = this.#config.stop_buffer_fraction
      const levels = setupLevels(range!, transition.direction, close, buffer)
      return result(this.#record(bar, features, chain, levels), transition, features)
    }
    return result(null, transition, features)
  }

  #newChain({ venue, symbol, timeframe, close_time }: BarClosed): string {
    return setupChainId({
      venue,
      symbol,
      timeframe,
      startedAt: close_time,
      engine: ENGINE_SEMVER,
      features: FEATURE_SCHEMA_VERSION,
      template: this.#config.strategy_template_version,
    })
  }

  #record(
    bar: BarClosed,
    features: FeatureSnapshot,
    chain: Chain,
    levels: SetupLevels | null,
  ): SetupEventRecorded {
    const snapshot = freezeSnapshot(features)
    const { score, failure } = this.#score(snapshot)
    const state = levels === null ? 'compression_candidate' : 'break_attempt'
    return {
      venue: bar.venue,
      symbol: bar.symbol,
      timeframe: bar.timeframe,
      setup_event_id: setupEventId(chain.id, state),
      setup_chain_id: chain.id,
      state,
      engine_semver: ENGINE_SEMVER,
      feature_schema_version: FEATURE_SCHEMA_VERSION,
      strategy_template_version: this.#config.strategy_template_version,
      ts: bar.close_time,
      bar_open_time: bar.open_time,
      chain_started_at: chain.startedAt,
      session: sessionContextAt(bar.close_time),
      feature_snapshot: snapshot,
      feature_snapshot_hash: snapshotHash(snapshot),
      compression_range_high: chain.range?.high ?? null,
      compression_range_low: chain.range?.low ?? null,
      compression_atr_at_detection: chain.atr,
      break_direction: levels?.direction ?? null,
      entry_price: levels?.entry ?? null,
      stop_price_abs: levels?.stop ?? null,
      target_price_abs: levels?.target ?? null,
      ...score,
      score_failure: failure,
      ttl_bars: this.#config.outcome_ttl_bars,
      tainted: this.#untainted < TAINT_BARS,
    }
  }

  snapshot(): Json {
    return {
      features: this.#features.snapshot(),
      machine: this.#machine,
      chainId: this.#chainId,
      untainted: this.#untainted,
    }
  }
}
