import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 50

/** Asks again and again until there is an answer. Throws after `msMax`. */
export const waitUntil = async <T>(
  what: string,
  msMax: number,
  ask: () => Promise<T | null>,
): Promise<T> => {
  const deadline = performance.now() + msMax
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (performance.now() > deadline) throw new Error(`${what}: not within ${msMax / 1000} s`)
    await sleep(POLL_MS)
  }
}
