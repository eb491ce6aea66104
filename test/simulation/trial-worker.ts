import process from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import { outcomeOf } from './to-outcome.ts'

const { first, end, step } = workerData as { first: number; end: number; step: number }
for (let seed = first; seed < end; seed += step) {
  const outcome = await outcomeOf(seed)
  // A port of threads, not a window: there is no origin to name.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(outcome)
}
// Libraries leave timers of the machine behind, for requests that nobody answered.
parentPort?.close()
process.exit(0)
