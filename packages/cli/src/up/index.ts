/**
 * The session that people look at. Entry point: `runUp`. Invariants: what cannot work is refused before
 * anything is started; what was started is stopped in order.
 */
export { runUp, type UpOptions } from './run-up.ts'
