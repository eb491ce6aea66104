import { setTimeout as sleep } from 'node:timers/promises'
import type { IsolationLevel, Kysely, Transaction } from 'kysely'
import { isRetryable } from './operating-error.ts'

export interface TransactionOptions {
  /** Postgres' default, read committed, when absent. */
  readonly isolation?: IsolationLevel
  /** Attempts in all after serialization failures and deadlocks. Default 5. */
  readonly attemptsMax?: number
}

const ATTEMPTS_MAX = 5
const BACKOFF_FIRST_MS = 5

/**
 * Runs `work` in one transaction and commits it; rolls back when it throws. Serialization failures and
 * deadlocks run it again, at most `attemptsMax` times, so `work` must do nothing outside `tx`.
 *
 * @throws the last error when the attempts are used up; `POSTGRES_UNREACHABLE` with
 * `details.outcome = 'unknown'` when the connection broke under way (never run again by itself, since
 * the commit may have happened)
 */
export const runTransaction = async <Tables, R>(
  kysely: Kysely<Tables>,
  work: (tx: Transaction<Tables>) => Promise<R>,
  options: TransactionOptions = {},
): Promise<R> => {
  const attemptsMax = options.attemptsMax ?? ATTEMPTS_MAX
  for (let attempt = 1; ; attempt += 1) {
    try {
      const builder = kysely.transaction()
      const isolated =
        options.isolation === undefined ? builder : builder.setIsolationLevel(options.isolation)
      return await isolated.execute(work)
    } catch (error) {
      if (attempt >= attemptsMax || !isRetryable(error)) throw error
      // Jitter keeps two transactions from meeting again in step; it decides nothing.
      await sleep(BACKOFF_FIRST_MS * 2 ** (attempt - 1) * (0.5 + Math.random()))
    }
  }
}
