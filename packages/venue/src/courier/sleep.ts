import type { VenueClock } from '../port/venue-clock.ts'

export const sleep = (clock: VenueClock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve)
  })
