import { hasCode } from '@tapedeck/contracts'
import { describeError, type Logger } from '../logging/index.ts'
import { systemClock } from '../ports/index.ts'
import { stopTelemetry } from '../telemetry/index.ts'
import { createStopStack } from './stop-stack.ts'

/** What a `main.ts` is handed. */
export interface Main {
  /** To be stopped when the process stops, newest first. Register right after each start. */
  onStop(name: string, stop: () => Promise<void> | void): void
  /** Aborts when the stop begins, so that a start which waits for a server gives up. */
  readonly stopping: AbortSignal
  /** Where the last words go; before this is called they go to stderr as plain text. */
  useLogger(logger: Logger): void
  /** Ends the process in order, as a signal does. */
  stop(reason: string): void
}

export interface RunMainOptions {
  /** Bound on the whole stop; the orchestrator's grace period must be longer. */
  readonly stopTimeoutMs?: number
}

/** Exit codes: 0 stopped in order, 1 failed, 2 configuration, 130 and 143 a second signal. */
const EXIT = { OK: 0, FAILED: 1, CONFIG: 2, SIGINT: 130, SIGTERM: 143 } as const

const STOP_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 60_000

const plainText = (error: unknown): string => {
  const { message, hint, stack } = describeError(error)
  return hint === undefined ? `${stack ?? message}\n` : `${message}\n${hint}\n`
}

/**
 * Runs a process: starts it, waits for SIGINT or SIGTERM, stops what was started in the opposite order
 * and within a bound, and exits. An unhandled rejection or exception ends the process with a last log line:
 * what it means for the state is unknown, and starting again is the tested way out.
 */
export const runMain = (
  start: (main: Main) => Promise<void>,
  { stopTimeoutMs = STOP_TIMEOUT_MS }: RunMainOptions = {},
): void => {
  const stops = createStopStack(systemClock)
  const abort = new AbortController()
  let logger: Logger | null = null
  let exitCode: number = EXIT.OK

  const lastWords = (event: string, message: string, error: unknown): void => {
    if (logger === null || hasCode(error, 'CONFIG_INVALID')) process.stderr.write(plainText(error))
    logger?.fatal({ event, err: error }, message)
  }

  const crash = (event: string, error: unknown): void => {
    lastWords(event, 'the process ends: unexpected failure', error)
    process.exit(EXIT.FAILED)
  }

  const finish = async (): Promise<void> => {
    const failures = await stops.run(stopTimeoutMs)
    for (const { name, error } of failures)
      logger?.error(
        { event: 'stop_failed', part: name, err: error },
        'a part did not stop in order',
      )
    await stopTelemetry()
    if (failures.length > 0 && exitCode === EXIT.OK) exitCode = EXIT.FAILED
    logger?.info({ event: 'stopped', exit_code: exitCode }, 'stopped')
    process.exit(exitCode)
  }

  const stop = (reason: string): void => {
    if (abort.signal.aborted) return
    logger?.info({ event: 'stopping', reason }, 'stopping')
    abort.abort()
    finish().catch((error: unknown) => crash('stop_crashed', error))
  }

  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (abort.signal.aborted) process.exit(EXIT[signal])
    stop(signal)
  }

  // A process that only waits for a server holds nothing open, and must not end for it.
  setInterval(() => undefined, KEEP_ALIVE_MS)
  process.on('SIGINT', () => onSignal('SIGINT'))
  process.on('SIGTERM', () => onSignal('SIGTERM'))
  process.on('uncaughtException', (error) => crash('uncaught_exception', error))
  process.on('unhandledRejection', (error) => crash('unhandled_rejection', error))

  const main: Main = {
    onStop: (name, work) => stops.push(name, work),
    stopping: abort.signal,
    useLogger: (used) => {
      logger = used
    },
    stop,
  }
  start(main).catch((error: unknown) => {
    // A start that a signal cut short is not a failure.
    if (abort.signal.aborted) return
    exitCode = hasCode(error, 'CONFIG_INVALID') ? EXIT.CONFIG : EXIT.FAILED
    lastWords('start_failed', 'the start failed', error)
    stop('start failed')
  })
}
