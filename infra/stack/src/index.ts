/**
 * Tapedeck on one machine: servers, tables, streams and the nine services, in one process or nine.
 *
 * Entry point: `startStack`. Invariants: nothing listens beyond the given host (loopback by default);
 * secrets are made at the first start and kept in the data folder; what was started is stopped.
 */
export { startServers, type ServerOptions, type Servers } from './start-servers.ts'
export { startStack, type Stack, type StackOptions } from './start-stack.ts'
export type { RunningServices } from './running-services.ts'
export { stackSecrets, type StackSecrets } from './stack-secrets.ts'
