/**
 * The `tapedeck` command. Entry point: `runCli` (`main.ts` is the process). Invariants: stdout carries data
 * alone; every way to end has its exit code (`EXIT`); what a command started, it stops.
 */
export { EXIT, EXIT_MEANINGS, exitCodeOf } from './exit-codes.ts'
export { runCli } from './run-cli.ts'
export type { Terminal } from './terminal/index.ts'
