/**
 * A queue of jobs for many workers, on JetStream: each job is done once in effect, whoever dies.
 *
 * Entry points: `createWorkQueue` (as `bus.work`), `TakenJob` (a job in hand). Invariants: the same work
 * has the same id, and an id waits once and has one result; a job is acknowledged only after its result
 * is stored; a job whose worker falls silent goes to another; one that cannot be done is put aside with
 * the reason. Results may be read by anybody, at any time, until they age out.
 */
export {
  createWorkQueue,
  type FollowOptions,
  type Following,
  type LaneState,
  type WorkJob,
  type WorkQueue,
  type WorkResult,
} from './work-queue.ts'
export type { TakeOptions } from './take-jobs.ts'
export type { GivenUp, TakenJob, WorkFailure } from './taken-job.ts'
