/**
 * Market time as people name it: UTC dates, minutes of the day, trading sessions.
 *
 * Entry points: `sessionOf`, `compactUtc` (ids), `minuteOfDay` (windows). Invariants: pure arithmetic
 * on event time in milliseconds; no clock, no time zone, no `Date`.
 */
export { sessionOf, type Session } from './session-of.ts'
export { compactUtc, minuteOfDay, minutesOf, utcDate } from './utc-time.ts'
