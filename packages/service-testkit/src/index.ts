/**
 * A whole service on real servers, for its own tests.
 *
 * Entry points: `withService` (NATS, Postgres and the service, one of each per test file), `golden` (an
 * example of each message), `restlessBars` (bars in which setups come and go), `sealed` (the same as outputs of the service), `rowsOf`. Invariants: the service
 * is built from its definition exactly as a host does; nothing is taken from the environment.
 */
export { golden, sealed } from './golden.ts'
export { restlessBars } from './restless-bars.ts'
export { rowsOf } from './rows-of.ts'
export { withService, type Answer, type TestedService } from './with-service.ts'
