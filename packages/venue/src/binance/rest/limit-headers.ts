/** What the headers of an answer say was used of the limits; null where they say nothing. */
export type LimitUsage = {
  readonly weight: number | null
  readonly orders10s: number | null
  readonly orders1m: number | null
}

const MINUTE = 60_000
const BAN_FIRST_MS = 2 * MINUTE
const BAN_MAX_MS = 3 * 24 * 60 * MINUTE

const count = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : null

/** binance-ccxt-facts §2.3. Names in lower case. */
export const readUsage = (headers: Readonly<Record<string, string>>): LimitUsage => ({
  weight: count(headers['x-mbx-used-weight-1m']),
  orders10s: count(headers['x-mbx-order-count-10s']),
  orders1m: count(headers['x-mbx-order-count-1m']),
})

/** `Retry-After` in ms, where there is one; futures do not promise it. Names in any case. */
export const retryAfterOf = (headers: object): number | null => {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')
  const seconds = count(typeof found?.[1] === 'string' ? found[1] : undefined)
  return seconds === null ? null : seconds * 1000
}

type Limited = {
  /** The venue's words. */
  readonly reason: string
  /** Consecutive bans with this one; 0: it is none. */
  readonly bans: number
  readonly retryAfterMs: number | null
  /** By the venue's clock. */
  readonly now: number
  readonly nextMinute: number
}

/**
 * Until when nothing may be sent, by the venue's clock: what the message says (`banned until <ms>`), else
 * `Retry-After`, else the next minute, or for a ban two minutes, doubled with each that follows. Never
 * longer than the three days that the venue bans at most.
 */
export const pauseOf = ({ reason, bans, retryAfterMs, now, nextMinute }: Limited): number => {
  const told = /banned until (\d{13})/i.exec(reason)?.[1]
  const last = now + BAN_MAX_MS
  if (told !== undefined && Number(told) > now) return Math.min(Number(told) + 100, last)
  if (retryAfterMs !== null) return Math.min(now + retryAfterMs + 100, last)
  return bans === 0 ? nextMinute : Math.min(now + BAN_FIRST_MS * 2 ** Math.min(bans - 1, 12), last)
}
