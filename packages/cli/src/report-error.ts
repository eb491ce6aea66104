import { type TapedeckError, ERRORS } from '@tapedeck/contracts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import { systemRefusal } from './system-error.ts'
import { type Terminal, paint, say } from './terminal/index.ts'

const isOperating = (error: unknown): error is TapedeckError =>
  typeof error === 'object' &&
  error !== null &&
  String((error as { code?: unknown }).code) in ERRORS &&
  'hint' in error

/** Says what went wrong and what to do, and gives the exit code. The stack only where it was asked for. */
export const reportError = (terminal: Terminal, error: unknown, verbose: boolean): number => {
  const mark = paint(terminal.err, 'red', 'error:')
  if (isOperating(error)) {
    say(terminal, `${mark} ${error.message}`)
    say(terminal, `${error.hint} [${error.code}]`)
    if (verbose && error.stack !== undefined) say(terminal, error.stack)
    return exitCodeOf(error.code)
  }
  say(terminal, `${mark} ${Error.isError(error) ? error.message : String(error)}`)
  const refusal = systemRefusal(error)
  if (verbose && Error.isError(error)) say(terminal, error.stack ?? '')
  else if (refusal === null)
    say(terminal, 'This should not happen. --verbose shows where it came from.')
  if (refusal !== null) say(terminal, `${refusal.hint} [${refusal.code}]`)
  return refusal?.exitCode ?? EXIT.FAILED
}
