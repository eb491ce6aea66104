import type { Terminal } from '../terminal/index.ts'

/** What a command's action is given: where to write, and where to leave the exit code. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly finish: (exitCode: number) => void
}
