import { Redis } from 'ioredis'
import type { z } from 'zod'
import type { Health } from '../lifecycle/index.ts'
import type { Logger } from '../logging/index.ts'
import type { Clock } from '../ports/index.ts'
import { noCache, type Cache, type CacheCount } from './cache.ts'

export interface CacheOptions {
  /** `redis://…`; undefined gives `noCache`. */
  readonly url: string | undefined
  /** Goes before every key, e.g. `tapedeck:gateway:`. */
  readonly prefix: string
  readonly clock: Clock
  readonly logger: Logger
  readonly health?: Health
  readonly commandTimeoutMs?: number
}

const COMMAND_TIMEOUT_MS = 250
const CONNECT_TIMEOUT_MS = 1_000
const RECONNECT_DELAY_MS_MAX = 5_000
const CLOSE_TIMEOUT_MS = 500
/** After a timeout the server is left alone for a while, or every request would wait for it. */
const SUSPEND_MS = 1_000
const CHECK = 'redis'

const connect = (url: string, commandTimeout: number): Redis => {
  const options = {
    commandTimeout,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A server that hangs with its socket open is dropped after this, and connected to anew.
    socketTimeout: 4 * CONNECT_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Not in the library's types: how long a closed socket keeps the process when it is closed again.
    disconnectTimeout: 100,
    retryStrategy: (times: number) =>
      Math.round(
        Math.min(RECONNECT_DELAY_MS_MAX, 50 * 2 ** Math.min(times, 10)) * (0.5 + Math.random() / 2),
      ),
  }
  return new Redis(url, options)
}

const parse = <S extends z.ZodType>(text: string | null, schema: S): z.output<S> | null => {
  if (text === null) return null
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    // Somebody else's bytes under our key are a miss like any other.
    return null
  }
}

/** One round trip; the window begins with the first count. */
const countUp = async (redis: Redis, key: string, windowMs: number): Promise<CacheCount> => {
  const results = await redis.multi().set(key, 0, 'PX', windowMs, 'NX').incr(key).pttl(key).exec()
  const count = Number(results?.[1]?.[1])
  const leftMs = Number(results?.[2]?.[1])
  if (!Number.isSafeInteger(count)) throw new Error('the counter is not a number')
  return { count, resetMs: leftMs > 0 ? leftMs : windowMs }
}

/** Says goodbye to a server that is there, within a bound. */
const leave = async (redis: Redis, clock: Clock): Promise<void> => {
  const bound = new AbortController()
  if (redis.status === 'ready')
    await Promise.race([
      redis.quit().catch(() => undefined),
      clock.sleep(CLOSE_TIMEOUT_MS, bound.signal),
    ])
  bound.abort()
  if (redis.status !== 'end') redis.disconnect()
}

/**
 * A cache on Redis. It connects and reconnects by itself, for ever; while the server is away, slow or
 * hung, every call is a miss after at most one command timeout. Says so once per change, in the log and as
 * the check `redis`, which is not critical.
 */
export const connectCache = (options: CacheOptions): Cache => {
  const { url, prefix, clock, logger, health, commandTimeoutMs = COMMAND_TIMEOUT_MS } = options
  if (url === undefined) return noCache
  const redis = connect(url, commandTimeoutMs)
  let available = false
  let closed = false
  let suspendedUntil = 0

  const report = (ok: boolean, reason: string): void => {
    if (closed) return
    if (ok !== available)
      logger[ok ? 'info' : 'warn']({ event: 'cache_status', ok, reason }, 'cache status changed')
    available = ok
    health?.set(CHECK, ok, reason)
  }

  health?.expect(CHECK, { critical: false })
  redis.on('ready', () => {
    suspendedUntil = 0
    report(true, 'connected')
  })
  redis.on('close', () => report(false, 'not connected; reconnecting'))
  // The error is on the way to a close event; without a listener it would end the process.
  redis.on('error', (error: Error) => report(false, error.message))

  const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    if (closed || redis.status !== 'ready' || clock.monotonic() < suspendedUntil) return otherwise
    try {
      const value = await work()
      if (!available) report(true, 'answers again')
      return value
    } catch (error) {
      suspendedUntil = clock.monotonic() + SUSPEND_MS
      report(false, Error.isError(error) ? error.message : 'command failed')
      return otherwise
    }
  }

  return {
    get: (key, schema) => attempt(async () => parse(await redis.get(prefix + key), schema), null),
    set: (key, value, ttlMs) =>
      attempt(async () => {
        await redis.set(prefix + key, JSON.stringify(value), 'PX', Math.max(1, Math.round(ttlMs)))
        return true
      }, false),
    delete: (key) => attempt(async () => (await redis.del(prefix + key)) > 0, false),
    increment: (key, windowMs) => attempt(() => countUp(redis, prefix + key, windowMs), null),
    get available() {
      return available
    },
    close: async () => {
      if (closed) return
      closed = true
      await leave(redis, clock)
    },
  }
}
