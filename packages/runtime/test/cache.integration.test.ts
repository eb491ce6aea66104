import { afterAll, describe, expect, it } from '@jest/globals'
import { withRedis } from '@tapedeck/testkit'
import { pino } from 'pino'
import { z } from 'zod'
import { until } from '@tapedeck/test-data'
import {
  connectCache,
  createHealth,
  memoryRateLimiter,
  noCache,
  sharedRateLimiter,
  systemClock,
  type Cache,
} from '../src/index.ts'

const redis = withRedis()
const health = createHealth(systemClock)
const opened: Cache[] = []
afterAll(async () => {
  await Promise.all(opened.map((cache) => cache.close()))
})

/** A command may take as long as a busy machine takes, unless a test is about that. */
const open = (url: string = redis().url, commandTimeoutMs = 20_000): Cache => {
  const cache = connectCache({
    url,
    commandTimeoutMs,
    prefix: 'test:',
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    health,
  })
  opened.push(cache)
  return cache
}

const Value = z.object({ price: z.string() })

describe('the cache', () => {
  it('keeps what fits its schema, for its time', async () => {
    const cache = open()
    await until(() => cache.available)
    expect(await cache.set('a', { price: '1.5' }, 60_000)).toBe(true)
    expect(await cache.get('a', Value)).toEqual({ price: '1.5' })
    expect(await cache.get('a', z.string())).toBeNull()
    expect(await cache.delete('a')).toBe(true)
    expect(await cache.get('a', Value)).toBeNull()
    await cache.set('b', { price: '1' }, 1)
    await until(async () => (await cache.get('b', Value)) === null)
  })

  it('counts in windows, for all that share the server', async () => {
    const [first, second] = [open(), open()]
    await until(() => first.available && second.available)
    expect(await first.increment('n', 60_000)).toMatchObject({ count: 1 })
    const counted = await second.increment('n', 60_000)
    expect(counted?.count).toBe(2)
    expect(counted?.resetMs).toBeLessThanOrEqual(60_000)
    const limiter = sharedRateLimiter(second, memoryRateLimiter(systemClock))
    const policy = { limit: 1, windowMs: 60_000 }
    expect((await limiter.take('write', policy, 'me')).allowed).toBe(true)
    expect((await limiter.take('write', policy, 'me')).allowed).toBe(false)
  })

  it('is a miss and no error while its server is killed, and comes back by itself', async () => {
    const cache = open()
    await until(() => cache.available)
    await cache.set('k', { price: '1' }, 60_000)
    await redis().kill('SIGKILL')
    const answers = await Promise.all([
      cache.get('k', Value),
      cache.set('k', { price: '2' }, 1000),
      cache.delete('k'),
      cache.increment('k', 1000),
    ])
    expect(answers).toEqual([null, false, false, null])
    await until(() => !cache.available)
    expect(health.report()).toMatchObject({ ready: true, checks: [{ name: 'redis', ok: false }] })
    const limiter = sharedRateLimiter(cache, memoryRateLimiter(systemClock))
    expect((await limiter.take('write', { limit: 5, windowMs: 1000 }, 'me')).remaining).toBe(4)

    await redis().restart()
    await until(() => cache.available)
    expect(await cache.set('k', { price: '3' }, 60_000)).toBe(true)
    // The caches of the tests before report to the same check.
    await until(() => health.report().checks[0]?.ok === true)
  })

  it('waits one command timeout at most for a server that hangs, then leaves it alone', async () => {
    const cache = open(redis().url, 250)
    await until(() => cache.available)
    await redis().kill('SIGSTOP')
    expect(await cache.get('k', Value)).toBeNull()
    expect(cache.available).toBe(false)
    // A thousand waits would be 250 s, far beyond what a test may take.
    for (let i = 0; i < 1000; i++) await cache.get('k', Value)
    await redis().kill('SIGCONT')
    await until(async () => (await cache.set('k', { price: '4' }, 60_000)) && cache.available)
  })

  it('closes at once when its server never was', async () => {
    const cache = open('redis://127.0.0.1:1')
    expect(await cache.get('k', Value)).toBeNull()
    await cache.close()
    await cache.close()
    expect(await cache.set('k', 1, 1)).toBe(false)
  })

  it('without a server is one that never has anything', async () => {
    expect(
      connectCache({
        url: undefined,
        prefix: '',
        clock: systemClock,
        logger: pino({ level: 'silent' }),
      }),
    ).toBe(noCache)
    expect(await noCache.get('k', Value)).toBeNull()
  })
})
