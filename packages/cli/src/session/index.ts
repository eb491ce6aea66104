/**
 * Sessions on this machine: whose data folder it is, where the services listen, how to talk to them.
 *
 * Entry points: `claimSession` (one session a folder), `runningServices` (tokens of the folder's own
 * secret), `gatewayClient` (the operator's key). Invariant: a folder has at most one session that lives.
 */
export { claimSession, type Claim } from './claim-session.ts'
export { awaitReady, notReady } from './await-ready.ts'
export { ApiClient, OutcomeUnknown, type ApiAnswer } from './api-client.ts'
export {
  gatewayClient,
  operatorKeyFile,
  runningServices,
  serviceClients,
  type Services,
} from './local-session.ts'
export { isAlive, readSessionFile, sessionFileOf, type SessionFile } from './session-file.ts'
