import type { BarClosed, SetupEventRecorded, SetupEventsConfig } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { FeatureSnapshot } from '../features/index.ts'
import { copyJson } from '../message/index.ts'
import { InstrumentWatch, type WatchResult } from './instrument-watch.ts'
import { askScorer, nullScorer, type ModelScorer, type Scoring } from './model-scorer.ts'

export type SetupEventTrackerOptions = {
  readonly config: SetupEventsConfig
  /** Default: the null scorer, which is not even asked. */
  readonly scorer?: ModelScorer
  /** The caller's monotonic clock in ms, by which a slow scorer is found out. Default: none is slow. */
  readonly nowMs?: () => number
}

/** Setup events of every instrument and watched timeframe. */
export interface SetupEventTracker {
  /** Takes a closed bar; gives the event that it caused, if any. Bars of other timeframes pass by. */
  onBar(bar: BarClosed): SetupEventRecorded | null
  /** The same, with what the machine did: for counts. Null when the timeframe is not watched. */
  watch(bar: BarClosed): WatchResult | null
  /** Another market begins: nothing of the old one is remembered. */
  reset(): void
  snapshot(): Json
}

const keyOf = ({ venue, symbol, timeframe }: BarClosed): string => `${venue}|${symbol}|${timeframe}`

const scorerOf = (options: SetupEventTrackerOptions): ((snapshot: FeatureSnapshot) => Scoring) => {
  const { scorer = nullScorer, nowMs = () => 0, config } = options
  return (snapshot) => askScorer(scorer, snapshot, nowMs, config.score_ms_max)
}

/**
 * Finds compressions and break attempts, and freezes what was known at each (S0 step 4). A deterministic
 * function of configuration and bars: the same bars give the same events with the same ids, wherever the
 * state was saved in between, in a service or over a file.
 */
export const createSetupEventTracker = (
  options: SetupEventTrackerOptions,
  snapshot?: Json,
): SetupEventTracker => {
  const { config } = options
  const watched = new Set<string>(config.enabled ? config.timeframes : [])
  const score = scorerOf(options)
  const saved = Object.entries((snapshot ?? {}) as Record<string, Json>)
  const watches = new Map(
    saved.map(([key, json]) => [key, new InstrumentWatch(config, score, copyJson(json))]),
  )
  const watch = (bar: BarClosed): WatchResult | null => {
    if (!watched.has(bar.timeframe)) return null
    const key = keyOf(bar)
    const found = watches.get(key) ?? new InstrumentWatch(config, score)
    watches.set(key, found)
    return found.update(bar)
  }
  return {
    watch,
    onBar: (bar) => watch(bar)?.event ?? null,
    reset: () => watches.clear(),
    snapshot: () =>
      Object.fromEntries([...watches].map(([key, each]) => [key, copyJson(each.snapshot())])),
  }
}
