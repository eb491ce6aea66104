/** Time and timers of an adapter, so that a simulation can run one in a time of its own. */
export interface VenueClock {
  /** Milliseconds since 1970, never falling: for durations, and for estimating the venue's clock. */
  now(): number
  /** Runs once after `ms`. The returned function cancels, and does nothing once it has run. */
  after(ms: number, run: () => void): () => void
}

/** The machine's monotonic clock: a stepped wall clock makes no stream look silent. */
export const machineClock: VenueClock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
