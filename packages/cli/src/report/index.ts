/**
 * A result drawn again: other conventions, pictures added. Entry point: `runReport`. Invariant: nothing that exists
 * is overwritten without being told to.
 */
export { CONTEXT, readContext, writeContext } from './context-file.ts'
export { runReport, type ReportCommand } from './run-report.ts'
