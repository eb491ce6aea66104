/**
 * Parameter search and walk-forward analysis: what a strategy is worth with parameters that were chosen
 * without knowing the data that it is judged on (docs/decisions/0010-walk-forward.md).
 *
 * Entry points: `runWalkForward`, `runOptimize` (over any `RunTrial`), `planWindows`, `axesOf` and
 * `searchPoints`; `farm/` runs trials on many processes. Invariants: no moment of a test is in its
 * training; tests do not overlap; nothing depends on the order in which trials end.
 */
export {
  axesOf,
  gridSize,
  neighborsOf,
  pointAt,
  type Axis,
  type Dimension,
  type ParameterPoint,
  type ParameterScalar,
  type ParameterSpace,
  type Places,
} from './parameter-space.ts'
export { checkAxes, placeParameters, withTradingKeys } from './place-parameters.ts'
export { SEARCHES, searchPoints, type SearchRules } from './search-points.ts'
export {
  planWindows,
  trainingAround,
  type Span,
  type WalkWindow,
  type WindowRules,
} from './windows.ts'
export {
  METRIC_NAMES,
  metricsOf,
  objectiveOf,
  scoreOf,
  type Metrics,
  type Objective,
} from './objective.ts'
export { purgeTrades, realizedEquity, type Purged } from './purge-trades.ts'
export {
  trialId,
  type RunTrial,
  type TrialData,
  type TrialJob,
  type TrialOutcome,
  type TrialStudy,
} from './trial-job.ts'
export { runTrialOn, type OpenData } from './run-trial.ts'
export { runOptimize, type OptimizeResult } from './run-optimize.ts'
export {
  runWalkForward,
  type WalkForwardResult,
  type WalkForwardTask,
  type WindowResult,
} from './run-walk-forward.ts'
export { renderWalkForward } from './render-walk-forward.ts'
export type { Plateau, TrialRow } from './search-window.ts'
export { stitchTests, type TestRun } from './stitch.ts'
export { stabilityOf, type Stability } from './stability.ts'
export { verdictOf, type Verdict, type VerdictCheck } from './verdict.ts'
export {
  catalogData,
  codeFingerprint,
  dataOpener,
  fingerprintOf,
  moduleHash,
  openFarm,
  placeOf,
  serveTrials,
  studyStrategy,
  type DataCatalog,
  type DataPlace,
  type FarmCounts,
  type FarmOptions,
  type ServeOptions,
  type TrialFarm,
} from './farm/index.ts'
