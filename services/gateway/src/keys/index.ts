/**
 * Who may come in: API keys, and the short-lived tokens that they are exchanged for.
 *
 * Entry points: `createKeyStore`, `ensureFirstKey` (at start), `liveTokenAuthenticator`, `addKeyRoutes`.
 * Invariants: no default credential exists; a key is shown once and stored as a keyed hash; a token
 * dies with its key; there is always a way to become administrator again.
 */
export { ensureFirstKey } from './first-key.ts'
export { addKeyRoutes } from './key-routes.ts'
export { createKeyStore, type KeyStore, type NewKey } from './key-store.ts'
export { liveTokenAuthenticator } from './live-token.ts'
