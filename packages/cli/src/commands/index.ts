/**
 * What the command line understands: one file per group of commands, options and help only. Each action
 * loads the folder that does the work, so that help and mistakes are answered at once.
 */
export type { CommandContext } from './context.ts'
export { addBacktestCommands } from './backtest-commands.ts'
export { addCredentialsCommands } from './credentials-commands.ts'
export { addLookCommands } from './look-commands.ts'
export { addOperateCommands } from './operate-commands.ts'
export { addReportCommands } from './report-commands.ts'
export { addSetupEventsCommands } from './setup-events-commands.ts'
export { addSearchCommands } from './search-commands.ts'
export { addStackCommands } from './stack-commands.ts'
export { addStrategyCommands } from './strategy-commands.ts'
export { addTapeCommands } from './tape-commands.ts'
export { addVerifyCommands } from './verify-commands.ts'
export { addVenueCommands } from './venue-commands.ts'
