/**
 * What every shell needs from outside, as interfaces with their real implementation.
 *
 * Entry points: `Clock`, `systemClock`. Invariant: nothing else in a shell reads the wall clock.
 */
export { systemClock, type Clock } from './clock.ts'
