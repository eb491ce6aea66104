import { setTimeout as sleep } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import type { Logger } from './logger.ts'
import type { Executor } from './named-statement.ts'
import { reasonOf } from './operating-error.ts'

/** What a health page shows: `reason` is null when ok. */
export interface Readiness {
  readonly ok: boolean
  readonly reason: string | null
}

export interface WaitOptions {
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Told of every failed attempt. */
  readonly onAttempt?: (attempt: number, reason: string, retryInMs: number) => void
}

const BACKOFF_FIRST_MS = 100
const BACKOFF_MAX_MS = 5_000
/** A line for each of the first attempts, then one in ten: an outage of an hour stays readable. */
const LOUD_ATTEMPTS = 5

const CHECK = `select to_regnamespace($1) is not null as schema_exists,
  current_setting('transaction_read_only') = 'on' as read_only`

/** One round trip: the server answers, takes writes, and has the schema. Never throws. */
export const checkReady = async (on: Executor, schema: string): Promise<Readiness> => {
  try {
    const { rows } = await on.executeQuery<{ schema_exists: boolean; read_only: boolean }>(
      CompiledQuery.raw(CHECK, [schema]),
    )
    const [row] = rows
    if (row?.read_only === true)
      return { ok: false, reason: 'the server takes no writes (standby)' }
    if (row?.schema_exists !== true) {
      return { ok: false, reason: `schema ${schema} does not exist; provision the service first` }
    }
    return { ok: true, reason: null }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

/** Tries until the server answers, for ever, with a growing pause (100 ms to 5 s, with jitter). */
export const waitUntilReachable = async (
  on: Executor,
  logger: Logger,
  options: WaitOptions = {},
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted()
    try {
      await on.executeQuery(CompiledQuery.raw('select 1'))
      if (attempt > 1) logger.info({ attempt }, 'Postgres is reachable')
      return
    } catch (error) {
      const reason = reasonOf(error)
      const pause = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt - 1, 10))
      const retryInMs = Math.round(pause * (0.75 + Math.random() / 2))
      options.onAttempt?.(attempt, reason, retryInMs)
      if (attempt <= LOUD_ATTEMPTS || attempt % 10 === 0) {
        logger.warn({ attempt, reason, retryInMs }, 'Postgres cannot be reached; trying again')
      }
      await sleep(
        retryInMs,
        undefined,
        options.signal === undefined ? {} : { signal: options.signal },
      )
    }
  }
}
