/**
 * Does a strategy know the future? Entry point: `runLookahead`. Invariant: exit code 1 says that something was found
 * and nothing else.
 */
export { runLookahead, type LookaheadCommand } from './run-lookahead.ts'
