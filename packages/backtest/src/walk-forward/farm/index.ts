/**
 * Trials on many threads, processes and machines, by the work queue of `@tapedeck/bus`.
 *
 * Entry points: `openFarm` (whoever wants trials done), `serveTrials` (whoever does them), `catalogData`
 * (what a worker has). Invariants: a trial's outcome depends on its job alone; a job is done by workers
 * with the same code and the same data; a worker that dies costs time, not results.
 */
export { codeFingerprint } from './code-fingerprint.ts'
export {
  catalogData,
  fingerprintOf,
  placeOf,
  type DataCatalog,
  type DataPlace,
} from './data-catalog.ts'
export { dataOpener, moduleHash, studyStrategy } from './open-data.ts'
export { serveTrials, type ServeOptions } from './serve-trials.ts'
export { openFarm, type FarmCounts, type FarmOptions, type TrialFarm } from './trial-farm.ts'
export { packOutcome, unpackOutcome } from './trial-message.ts'
