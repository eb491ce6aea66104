import type { Cache } from '../cache/index.ts'
import type { Clock } from '../ports/index.ts'

/** So many requests in a window, for each caller. */
export interface RatePolicy {
  readonly limit: number
  readonly windowMs: number
}

export interface RateDecision {
  readonly allowed: boolean
  readonly remaining: number
  /** Until the whole limit is available again. */
  readonly resetMs: number
  /** Until one more request is allowed; 0 when it is now. */
  readonly retryAfterMs: number
}

/** Counts the requests of callers. */
export interface RateLimiter {
  take(policyName: string, policy: RatePolicy, caller: string): Promise<RateDecision>
}

/** `read` and `write` for callers with a credential, by it; `auth` for failed attempts, by address. */
export const DEFAULT_RATE_POLICIES: Readonly<Record<string, RatePolicy>> = {
  read: { limit: 1_200, windowMs: 60_000 },
  write: { limit: 300, windowMs: 60_000 },
  auth: { limit: 30, windowMs: 60_000 },
}

const BUCKETS_MAX = 10_000

/** Token buckets in memory: bursts up to the limit, then a steady refill. Forgets the longest unused callers. */
export const memoryRateLimiter = (clock: Clock): RateLimiter => {
  const buckets = new Map<string, { tokens: number; at: number }>()

  return {
    take: (policyName, { limit, windowMs }, caller) => {
      const name = `${policyName}|${caller}`
      const now = clock.monotonic()
      const perMs = limit / windowMs
      const before = buckets.get(name) ?? { tokens: limit, at: now }
      const filled = Math.min(limit, before.tokens + (now - before.at) * perMs)
      const allowed = filled >= 1
      const tokens = allowed ? filled - 1 : filled
      // A map keeps the order of insertion, so the first entry is the one unused for longest.
      buckets.delete(name)
      buckets.set(name, { tokens, at: now })
      if (buckets.size > BUCKETS_MAX) buckets.delete(buckets.keys().next().value!)
      return Promise.resolve({
        allowed,
        remaining: Math.floor(tokens),
        resetMs: Math.ceil((limit - tokens) / perMs),
        retryAfterMs: allowed ? 0 : Math.ceil((1 - tokens) / perMs),
      })
    },
  }
}

/** Windows counted in the cache, so that replicas share a limit; in memory while the cache is away. */
export const sharedRateLimiter = (cache: Cache, fallback: RateLimiter): RateLimiter => ({
  take: async (policyName, policy, caller) => {
    const counted = await cache.increment(`rate:${policyName}:${caller}`, policy.windowMs)
    if (counted === null) return fallback.take(policyName, policy, caller)
    const { count, resetMs } = counted
    const allowed = count <= policy.limit
    return {
      allowed,
      remaining: Math.max(0, policy.limit - count),
      resetMs,
      retryAfterMs: allowed ? 0 : resetMs,
    }
  },
})
