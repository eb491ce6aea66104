/**
 * `optimize`, `walk-forward` and `worker`: parameter searches on this machine and on others.
 *
 * Entry points: `runOptimizeCommand`, `runWalkForwardCommand`, `runWorker`. Invariants: everything that can be
 * wrong with a search is said before its first trial; a search that is stopped goes on where it was.
 */
export { runOptimizeCommand, runWalkForwardCommand, type SearchCommand } from './run-search.ts'
export { runWorker, type WorkerOptions } from './run-worker.ts'
