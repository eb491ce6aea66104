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

/**
 * The first Ctrl-C (or SIGTERM, SIGHUP) asks for an orderly stop; a second one ends the process at
 * once, and with it what it started.
 */
export const catchStopSignals = (onFirst: () => void): StopSignals => {
  const controller = new AbortController()
  let code: number | null = null
  const on = (name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void => {
    const exitCode = name === 'SIGINT' ? EXIT.SIGINT : EXIT.SIGTERM
    if (code !== null) process.exit(exitCode)
    code = exitCode
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
