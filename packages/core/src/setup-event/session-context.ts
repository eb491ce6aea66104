import type { SessionContext, SessionType } from '@tapedeck/contracts'
import { minuteOfDay } from '../calendar/index.ts'

const DAY_MS = 86_400_000

/** Liquidity windows of the UTC day, in minutes: from, to (exclusive). Together they cover it. */
const WINDOWS: readonly (readonly [type: SessionType, from: number, to: number])[] = [
  ['crypto_asia', 0, 480],
  ['crypto_london', 480, 780],
  ['crypto_us', 780, 1200],
  ['crypto_close', 1200, 1440],
]

/** 1970-01-01 was a Thursday: Saturday and Sunday are the third and fourth day of its week. */
const isWeekend = (at: number): boolean => {
  const day = Math.floor(at / DAY_MS) % 7
  return day === 2 || day === 3
}

/**
 * The session of an instant (S0 step 4): which liquidity window, how much of it has passed as sine and
 * cosine of an angle, minutes until it ends, and whether it is a weekend. UTC.
 */
export const sessionContextAt = (at: number): SessionContext => {
  const minute = minuteOfDay(at)
  const [type, from, to] = WINDOWS.find(([, , end]) => minute < end)!
  const angle = 2 * Math.PI * ((minute - from) / (to - from))
  return {
    session_type: type,
    time_in_session_sin: Math.sin(angle),
    time_in_session_cos: Math.cos(angle),
    minutes_to_session_close: to - minute,
    is_weekend: isWeekend(at),
    asset_class: 'crypto',
  }
}
