import { EXIT } from './exit-codes.ts'

export interface StopSignals {
  readonly signal: AbortSignal
  /** 130 or 143, once a signal came; null before. */
  exitCode(): number | null
  /** Whether an error is just the stop that a signal asked for. */
  caused(error: unknown): boolean
  /** Gives the signals back to Node. */
  release(): void
}

/** What a signal may do to the process. */
export interface ProcessEnd {
  now(): number
  exit(code: number): void
}

const THIS_PROCESS: ProcessEnd = {
  now: () => performance.now(),
  exit: (code) => process.exit(code),
}

/**
 * One stop may reach us twice: a supervisor signals the whole group, and the launcher above us passes
 * its own copy on. Nobody asks a second time this soon.
 */
const ECHO_MS_MAX = 500

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) asks for an orderly stop; a second one ends the process at
 * once, and with it what it started.
 */
export const catchStopSignals = (
  onFirst: () => void,
  end: ProcessEnd = THIS_PROCESS,
): StopSignals => {
  const controller = new AbortController()
  let code: number | null = null
  let firstAt = 0
  const on = (name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void => {
    const exitCode = name === 'SIGINT' ? EXIT.SIGINT : EXIT.SIGTERM
    if (code !== null) {
      if (end.now() - firstAt > ECHO_MS_MAX) end.exit(exitCode)
      return
    }
    code = exitCode
    firstAt = end.now()
    onFirst()
    controller.abort(new Error(`stopped by ${name}`))
  }
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(
    (name) => [name, () => on(name)] as const,
  )
  for (const [name, listener] of listeners) process.on(name, listener)
  return {
    signal: controller.signal,
    exitCode: () => code,
    caused: (error) =>
      controller.signal.aborted &&
      (error === controller.signal.reason || (Error.isError(error) && error.name === 'AbortError')),
    release: () => {
      for (const [name, listener] of listeners) process.off(name, listener)
    },
  }
}
