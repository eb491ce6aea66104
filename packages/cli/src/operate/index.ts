/**
 * The running session, through the gateway: what goes on, keys, and the operator's commands.
 *
 * Entry points: `showStatus`, `createKey`, `listKeys`, `revokeKey`, `commandTrading`. Invariant: a command
 * whose answer was lost is reported as unknown, never as failed.
 */
export { commandTrading, type TradingCommand } from './command-trading.ts'
export { createKey, listKeys, revokeKey, type NewKey } from './manage-keys.ts'
export { showStatus, type StatusView } from './show-status.ts'
