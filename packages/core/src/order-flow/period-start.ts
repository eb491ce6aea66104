const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
/** 1970-01-05, the first Monday of the epoch. */
const FIRST_MONDAY_MS = 4 * DAY_MS

/** Midnight UTC at or before `time`. */
export const dayStartOf = (time: number): number => Math.floor(time / DAY_MS) * DAY_MS

/** Monday 00:00 UTC at or before `time`. */
export const weekStartOf = (time: number): number =>
  Math.floor((time - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS
