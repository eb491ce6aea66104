import { minutesOf, utcDate } from './utc-time.ts'

const DAY_MS = 86_400_000

/** A trading session: named after the UTC date on which it starts. */
export type Session = { readonly id: string; readonly started_at: number }

/** The session that contains `at`, when sessions start every day at `startUtc` (`HH:MM`). */
export const sessionOf = (at: number, startUtc: string): Session => {
  const offset = minutesOf(startUtc) * 60_000
  const started_at = Math.floor((at - offset) / DAY_MS) * DAY_MS + offset
  return { id: utcDate(started_at), started_at }
}
