import { describe, expect, it } from '@jest/globals'
import { TapedeckError } from '@tapedeck/contracts'
import { systemClock, type Clock } from '../ports/index.ts'
import { createHealth } from './health.ts'
import { createResource } from './resource.ts'
import { retryForever } from './retry-forever.ts'
import { createStopStack } from './stop-stack.ts'

/** A clock that moves when it is slept on. */
const steppedClock = (): Clock & { slept: number[]; advance(ms: number): void } => {
  let now = 0
  const slept: number[] = []
  return {
    slept,
    advance: (ms) => {
      now += ms
    },
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) => {
      if (signal?.aborted !== true) {
        slept.push(ms)
        now += ms
      }
      return Promise.resolve()
    },
  }
}

const counted = (open: () => Promise<string> = () => Promise.resolve('value')) => {
  const calls: string[] = []
  const resource = createResource({
    name: 'pool',
    open: () => {
      calls.push('open')
      return open()
    },
    close: (value) => {
      calls.push(`close ${value}`)
      return Promise.resolve()
    },
  })
  return { calls, resource }
}

const failing = (times: number, error = new Error('away')) => {
  let calls = 0
  return () => (++calls > times ? Promise.resolve(calls) : Promise.reject(error))
}

describe('health', () => {
  it('is ready without checks, and not while an expected one is silent', () => {
    const health = createHealth(systemClock)
    expect(health.report().ready).toBe(true)
    health.expect('nats')
    expect(health.report()).toMatchObject({
      ready: false,
      checks: [{ name: 'nats', ok: false, reason: 'not reported yet' }],
    })
    health.set('nats', true)
    expect(health.report().ready).toBe(true)
  })

  it('shows a check that is not critical without becoming unready', () => {
    const health = createHealth(systemClock)
    health.expect('redis', { critical: false })
    health.set('redis', false, 'connection refused')
    expect(health.report()).toMatchObject({ ready: true, checks: [{ ok: false }] })
  })

  it('tells how long ago a check was reported and changed', () => {
    const clock = steppedClock()
    const health = createHealth(clock)
    health.set('nats', true)
    clock.advance(500)
    health.set('nats', true)
    clock.advance(200)
    expect(health.report().checks[0]).toMatchObject({ since_ms: 700, age_ms: 200 })
  })

  it('stays unready once it drains', () => {
    const health = createHealth(systemClock)
    health.drain()
    health.set('nats', true)
    expect(health.report()).toMatchObject({ ready: false, draining: true })
  })
})

describe('resource', () => {
  it('opens once for callers at the same time, closes once', async () => {
    const { calls, resource } = counted()
    expect(await Promise.all([resource.use(), resource.use()])).toEqual(['value', 'value'])
    await Promise.all([resource.close(), resource.close()])
    expect(calls).toEqual(['open', 'close value'])
  })

  it('closed before use never opens; used after close is refused', async () => {
    const { calls, resource } = counted()
    await resource.close()
    await expect(resource.use()).rejects.toMatchObject({ code: 'NOT_READY' })
    expect(calls).toEqual([])
  })

  it('closed while opening closes what was opened', async () => {
    const { calls, resource } = counted()
    const using = resource.use()
    await resource.close()
    expect(await using).toBe('value')
    expect(calls).toEqual(['open', 'close value'])
  })

  it('tries again after a failed opening', async () => {
    let fails = true
    const { resource } = counted(() =>
      fails ? Promise.reject(new Error('refused')) : Promise.resolve('value'),
    )
    await expect(resource.use()).rejects.toThrow('refused')
    fails = false
    expect(await resource.use()).toBe('value')
  })
})

describe('retryForever', () => {
  it('waits twofold longer each time up to the bound, between half and all of it', async () => {
    const clock = steppedClock()
    const options = { name: 'nats', clock, delayMsMin: 100, delayMsMax: 1000 }
    await retryForever(failing(6), { ...options, random: () => 1 })
    expect(clock.slept).toEqual([100, 200, 400, 800, 1000, 1000])
    clock.slept.length = 0
    await retryForever(failing(6), { ...options, random: () => 0 })
    expect(clock.slept).toEqual([50, 100, 200, 400, 500, 500])
  })

  it('keeps its bound after a thousand attempts', async () => {
    const clock = steppedClock()
    expect(await retryForever(failing(1200), { name: 'x', clock })).toBe(1201)
    expect(Math.max(...clock.slept)).toBeLessThanOrEqual(10_000)
  })

  it('tells of each wait', async () => {
    const waits: unknown[] = []
    const clock = steppedClock()
    await retryForever(failing(2), {
      name: 'nats',
      clock,
      random: () => 1,
      onWait: ({ name, attempt, delayMs }) => waits.push([name, attempt, delayMs]),
    })
    expect(waits).toEqual([
      ['nats', 1, 100],
      ['nats', 2, 200],
    ])
  })

  it.each([
    ['says stop', new TapedeckError('STREAM_CONFIG_DROPPED', 'too old'), {}],
    ['is not retryable', new Error('syntax'), { isRetryable: () => false }],
    ['comes after the abort', new Error('away'), { signal: AbortSignal.abort() }],
  ])('throws an error that %s at once', async (_why, error, options) => {
    const clock = steppedClock()
    const attempt = retryForever(failing(9, error), { name: 'x', clock, ...options })
    await expect(attempt).rejects.toBe(error)
    expect(clock.slept).toEqual([])
  })

  it('gives up when aborted during a wait', async () => {
    const abort = new AbortController()
    const attempt = retryForever(failing(99), {
      name: 'x',
      signal: abort.signal,
      delayMsMin: 600_000,
      delayMsMax: 600_000,
      onWait: () => setImmediate(() => abort.abort()),
    })
    await expect(attempt).rejects.toThrow('away')
  })
})

describe('stop stack', () => {
  it('stops newest first, once, and goes on after a failure', async () => {
    const order: string[] = []
    const stops = createStopStack(systemClock)
    stops.push('pool', () => void order.push('pool'))
    stops.push('loop', () => Promise.reject(new Error('stuck')))
    stops.push('http', () => void order.push('http'))
    const [first, second] = await Promise.all([stops.run(1000), stops.run(1000)])
    expect(order).toEqual(['http', 'pool'])
    expect(first).toMatchObject([{ name: 'loop', error: { message: 'stuck' } }])
    expect(second).toBe(first)
  })

  it('leaves what does not stop within the bound and says so', async () => {
    const order: string[] = []
    const stops = createStopStack(systemClock)
    stops.push('pool', () => void order.push('pool'))
    stops.push('hung', () => new Promise(() => undefined))
    const failures = await stops.run(20)
    expect(failures.map(({ name }) => name)).toEqual(['hung'])
    expect(order).toEqual(['pool'])
  })
})
