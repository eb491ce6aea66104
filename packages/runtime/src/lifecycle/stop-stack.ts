import type { Clock } from '../ports/index.ts'

/** What has been started, to be stopped in the opposite order. */
export interface StopStack {
  push(name: string, stop: () => Promise<void> | void): void
  /**
   * Stops everything once, newest first, within `timeoutMs` in all. Returns what failed or was not done
   * in time; a failure does not keep the others from being stopped.
   */
  run(timeoutMs: number): Promise<readonly StopFailure[]>
}

export interface StopFailure {
  readonly name: string
  readonly error: unknown
}

/** An empty stack. */
export const createStopStack = (clock: Clock): StopStack => {
  const stops: { name: string; stop: () => Promise<void> | void }[] = []
  let running: Promise<readonly StopFailure[]> | null = null

  const runAll = async (timeoutMs: number): Promise<readonly StopFailure[]> => {
    const failures: StopFailure[] = []
    const deadline = clock.monotonic() + timeoutMs
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      const { name, stop } = next
      const waiting = new AbortController()
      const late = Symbol('late')
      const leftMs = Math.max(0, deadline - clock.monotonic())
      try {
        const outcome = await Promise.race([
          Promise.resolve().then(stop),
          clock.sleep(leftMs, waiting.signal).then(() => late),
        ])
        if (outcome === late)
          failures.push({ name, error: new Error(`not stopped within ${timeoutMs} ms`) })
      } catch (error) {
        failures.push({ name, error })
      } finally {
        waiting.abort()
      }
    }
    return failures
  }

  return {
    push: (name, stop) => {
      stops.push({ name, stop })
    },
    run: (timeoutMs) => {
      running ??= runAll(timeoutMs)
      return running
    },
  }
}
