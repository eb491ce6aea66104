/** The time, as shells need it for `recorded_at`, timeouts and ages. Decisions never see it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May step when the machine's clock is set. */
  now(): number
  /** Milliseconds from some fixed point; never goes back. For durations. */
  monotonic(): number
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const finish = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish, { once: true })
  })

/** The machine's clock: the only place where a shell reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
}
