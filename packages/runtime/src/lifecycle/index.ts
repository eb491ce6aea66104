/**
 * Start, stop and readiness of a process.
 *
 * Entry points: `runMain` (a `main.ts` hands itself over to it), `createHealth`, `createResource`,
 * `retryForever`. Invariants: what was started is stopped once, newest first, within a bound; unexpected
 * failures end the process.
 */
export { createHealth, type Health, type HealthCheck, type HealthReport } from './health.ts'
export { createResource, type Resource, type ResourceOptions } from './resource.ts'
export { retryForever, type RetryOptions } from './retry-forever.ts'
export { runMain, type Main, type RunMainOptions } from './run-main.ts'
export { createStopStack, type StopFailure, type StopStack } from './stop-stack.ts'
