import { systemClock, type Clock } from '../ports/index.ts'

export interface RetryOptions {
  /** What is tried, for the one who reads the log. */
  readonly name: string
  readonly clock?: Clock
  /** Errors that waiting can cure; default: all but those whose next step is `stop`. */
  readonly isRetryable?: (error: unknown) => boolean
  /** Told before each wait. */
  readonly onWait?: (wait: {
    readonly name: string
    readonly attempt: number
    readonly delayMs: number
    readonly error: unknown
  }) => void
  /** Ends the waiting; the last error is thrown. */
  readonly signal?: AbortSignal
  readonly delayMsMin?: number
  readonly delayMsMax?: number
  /** 0 to 1; spreads the clients of a server that came back. */
  readonly random?: () => number
}

/** Trying again cannot help where the catalogue says `stop`. */
const mayPass = (error: unknown): boolean =>
  (error as { next?: unknown } | null | undefined)?.next !== 'stop'

/**
 * Repeats an operation until it succeeds. Waits grow twofold from `delayMsMin` to `delayMsMax`, each between half
 * and all of it. Throws at once what is not retryable, and the last error when `signal` aborts.
 */
export const retryForever = async <T>(
  operation: () => Promise<T>,
  options: RetryOptions,
): Promise<T> => {
  const { name, clock = systemClock, onWait, signal, random = Math.random } = options
  const { isRetryable = mayPass, delayMsMin = 100, delayMsMax = 10_000 } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation()
    } catch (error) {
      if (!isRetryable(error) || signal?.aborted === true) throw error
      const full = Math.min(delayMsMax, delayMsMin * 2 ** Math.min(attempt - 1, 30))
      const delayMs = Math.round(full * (0.5 + 0.5 * random()))
      onWait?.({ name, attempt, delayMs, error })
      await clock.sleep(delayMs, signal)
      // An abort during the wait is read through a function: the compiler believes it cannot change.
      if (isAborted(signal)) throw error
    }
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true
