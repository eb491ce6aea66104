import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { TestClock, settle } from '../test-clock.fixture.ts'
import { pauseOf, readUsage, retryAfterOf } from './limit-headers.ts'
import { RateLimiter, type Admission, type Urgency } from './rate-limiter.ts'

const LIMITS = { weightPerMinute: 100, ordersPerTenSeconds: 10, ordersPerMinute: 30 }
const MINUTE = 60_000
/** Ten seconds into a minute. */
const START = 29_920_000 * MINUTE + 10_000

const open = (now = START) => {
  const clock = new TestClock(now)
  const limiter = new RateLimiter({ clock, venueNow: () => clock.now(), limits: LIMITS })
  const admitted: string[] = []
  const ask = (
    name: string,
    weight: number,
    orders: number,
    urgency: Urgency,
    patience = 120_000,
  ): Promise<Admission> => {
    const answer = limiter.admit({ weight, orders }, urgency, patience)
    void answer.then(({ admitted: isIn }) => admitted.push(isIn ? name : `${name} refused`))
    return answer
  }
  return { clock, limiter, ask, admitted }
}

describe('the rate limiter', () => {
  it('lets calls pass at once while there is room', async () => {
    const { ask, limiter } = open()
    expect(await ask('a', 5, 0, 'query')).toEqual({ admitted: true })
    expect(await ask('b', 0, 1, 'entry')).toEqual({ admitted: true })
    expect(limiter.usage()).toMatchObject({ weight: 5, orders10s: 1, orders1m: 1 })
  })

  it('lets a storm of snapshots have half of a minute: the account asks at once all the same', async () => {
    const { ask, admitted, clock, limiter } = open()
    for (let i = 0; i < 60; i++) void ask('snapshot', 2, 0, 'market', 10 * MINUTE)
    await settle()
    expect(limiter.usage().weight).toBe(50)
    await ask('orders', 20, 0, 'query', 0)
    await ask('entry', 0, 1, 'entry', 0)
    await ask('cancel', 1, 0, 'exit', 0)
    expect(admitted.slice(-3)).toEqual(['orders', 'entry', 'cancel'])
    // The rest of the storm follows by the minute, behind whatever else is asked then.
    void ask('later', 20, 0, 'query', 2 * MINUTE)
    await clock.advance(MINUTE)
    expect(admitted.filter((name) => name === 'snapshot').length).toBeLessThan(60)
    await clock.advance(2 * MINUTE)
    expect(admitted.filter((name) => name === 'snapshot')).toHaveLength(60)
    expect(admitted.some((name) => name.includes('refused'))).toBe(false)
  })

  it('keeps a reserve: questions stop at three quarters, entries at nine tenths, exits at all of it', async () => {
    const { ask, admitted, clock } = open()
    await ask('fill', 75, 0, 'query')
    void ask('query', 1, 0, 'query')
    void ask('entry', 15, 0, 'entry')
    void ask('entry2', 1, 0, 'entry')
    void ask('exit', 10, 0, 'exit')
    void ask('exit2', 1, 0, 'exit')
    await settle()
    expect(admitted).toEqual(['fill', 'entry', 'exit'])
    await clock.advance(MINUTE)
    expect(admitted).toEqual(['fill', 'entry', 'exit', 'exit2', 'entry2', 'query'])
  })

  it('counts orders by ten seconds and by the minute', async () => {
    const { ask, admitted, clock } = open()
    for (let order = 0; order < 9; order++) await ask(`o${order}`, 0, 1, 'entry')
    void ask('tenth', 0, 1, 'entry')
    void ask('exit', 0, 1, 'exit')
    await settle()
    expect(admitted.at(-1)).toBe('exit')
    await clock.advance(10_100)
    expect(admitted.at(-1)).toBe('tenth')
  })

  it('believes the venue when it has counted more, in the same window only', async () => {
    const { ask, limiter, clock, admitted } = open()
    limiter.observe(clock.now(), { weight: 99, orders10s: null, orders1m: null })
    void ask('waits', 2, 0, 'exit')
    await settle()
    expect(admitted).toEqual([])
    const sentAt = clock.now()
    await clock.advance(MINUTE)
    expect(admitted).toEqual(['waits'])
    limiter.observe(sentAt, { weight: 100, orders10s: 10, orders1m: 30 })
    expect(limiter.usage()).toMatchObject({ weight: 2, orders10s: 0, orders1m: 0 })
  })

  it('a call that would wait longer than it can is refused at once, and was not counted', async () => {
    const { ask, limiter, clock } = open()
    limiter.pause(clock.now() + 30_000)
    expect(await ask('entry', 0, 1, 'entry', 3_000)).toEqual({
      admitted: false,
      reason: "the venue's limits allow it in 30000 ms",
      retryInMs: 30_000,
    })
    expect(limiter.usage()).toMatchObject({ orders10s: 0 })
    expect(clock.waiting).toBe(0)
  })

  it('a pause stops everything, a pause of orders only orders', async () => {
    const { ask, limiter, clock, admitted } = open()
    limiter.pauseOrders(clock.now() + 5_000)
    void ask('order', 0, 1, 'exit')
    void ask('cancel', 1, 0, 'exit')
    await settle()
    expect(admitted).toEqual(['cancel'])
    limiter.pause(clock.now() + 2_000)
    void ask('cancel2', 1, 0, 'exit')
    await clock.advance(1_999)
    expect(admitted).toEqual(['cancel'])
    await clock.advance(1)
    expect(admitted).toEqual(['cancel', 'cancel2'])
    await clock.advance(3_000)
    expect(admitted).toEqual(['cancel', 'cancel2', 'order'])
  })

  it('refuses what waits when it is closed', async () => {
    const { ask, limiter, clock } = open()
    limiter.pause(clock.now() + 1_000)
    const waiting = ask('a', 1, 0, 'exit')
    limiter.close()
    expect(await waiting).toMatchObject({ admitted: false })
    expect(clock.waiting).toBe(0)
  })

  it('never lets more through in a window than the limit, whatever is asked when', async () => {
    const call = fc.record({
      wait: fc.integer({ min: 0, max: 8_000 }),
      weight: fc.integer({ min: 0, max: 40 }),
      orders: fc.integer({ min: 0, max: 1 }),
      urgency: fc.constantFrom<Urgency>('exit', 'entry', 'query', 'market'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 60 }), async (calls) => {
        const { limiter, clock } = open()
        const used = new Map<string, number>()
        const count = (key: string, amount: number): void => {
          used.set(key, (used.get(key) ?? 0) + amount)
        }
        let settled = 0
        for (const { wait, weight, orders, urgency } of calls) {
          const askOnce = async (): Promise<void> => {
            const { admitted } = await limiter.admit({ weight, orders }, urgency, 600_000)
            settled++
            if (!admitted) return
            count(`w${Math.floor(clock.now() / MINUTE)}`, weight)
            count(`m${Math.floor(clock.now() / MINUTE)}`, orders)
            count(`t${Math.floor(clock.now() / 10_000)}`, orders)
          }
          void askOnce()
          await clock.advance(wait)
        }
        await clock.advance(60 * MINUTE)
        expect(settled).toBe(calls.length)
        const max = { w: 100, m: 30, t: 10 }
        for (const [key, amount] of used)
          expect(amount).toBeLessThanOrEqual(max[key[0] as 'w' | 'm' | 't'])
      }),
      { numRuns: 40 },
    )
  })
})

describe('what the venue says of its limits', () => {
  it('headers are read where they are there and whole numbers', () => {
    expect(readUsage({ 'x-mbx-used-weight-1m': '12', 'x-mbx-order-count-10s': 'many' })).toEqual({
      weight: 12,
      orders10s: null,
      orders1m: null,
    })
    expect(retryAfterOf({ 'Retry-After': '7' })).toBe(7_000)
    expect(retryAfterOf({})).toBeNull()
  })

  const now = START
  const base = { reason: '', bans: 0, retryAfterMs: null, now, nextMinute: now + 50_100 }
  it.each([
    ['nothing said: the next minute', {}, now + 50_100],
    ['Retry-After', { retryAfterMs: 7_000 }, now + 7_100],
    ['banned until', { reason: `IP banned until ${now + 9_000}. Please`, bans: 1 }, now + 9_100],
    [
      'banned until wins',
      { reason: `banned until ${now + 9_000}`, retryAfterMs: 1_000 },
      now + 9_100,
    ],
    ['a time that is over says nothing', { reason: `banned until ${now - 1}` }, now + 50_100],
    ['first ban', { bans: 1 }, now + 120_000],
    ['third ban', { bans: 3 }, now + 480_000],
    ['never more than three days', { bans: 40 }, now + 259_200_000],
    ['not even when told', { reason: 'banned until 9999999999999', bans: 1 }, now + 259_200_000],
  ])('%s', (_name, given, until) => {
    expect(pauseOf({ ...base, ...given })).toBe(until)
  })
})
