import type { Clock } from '@tapedeck/runtime'

/** What was asked for, or null when it failed or took longer: for views, where unknown is an answer. */
export const answerWithin = async <T>(
  clock: Clock,
  ms: number,
  asked: Promise<T>,
): Promise<T | null> => {
  const bound = new AbortController()
  try {
    return await Promise.race([asked, clock.sleep(ms, bound.signal).then(() => null)])
  } catch {
    return null
  } finally {
    bound.abort()
  }
}
