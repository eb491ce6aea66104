/**
 * Tapes on the command line: `convert`, `info`, `check`.
 *
 * Entry points: `runConvert`, `runInfo`, `runCheck`; each gives an exit code. Invariants: data to stdout; a
 * conversion that is stopped leaves nothing behind.
 */
export { runCheck, type CheckCommand } from './run-check.ts'
export { runConvert, type ConvertCommand } from './run-convert.ts'
export { runInfo, type InfoCommand } from './run-info.ts'
