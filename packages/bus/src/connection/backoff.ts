import { setTimeout as sleep } from 'node:timers/promises'

const FIRST_MS = 50
const LAST_MS = 2_000

/** How long to wait after `failures` in a row: doubling up to a bound, with jitter so that a herd spreads. */
const backoffMs = (failures: number): number => {
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(failures, 16))
  return full / 2 + Math.random() * (full / 2)
}

/** Waits that long, or until `signal` aborts; then it returns too. */
export const backoff = async (failures: number, signal?: AbortSignal): Promise<void> => {
  try {
    await sleep(backoffMs(failures), undefined, signal === undefined ? {} : { signal })
  } catch {
    // Aborted: the caller looks at the signal itself.
  }
}
