/**
 * Keys of a venue: made, sealed into a file, checked.
 *
 * Entry points: `makeKeyFile`, `sealToFile`, `checkEnvironment`. Invariant: no secret and no private key is printed.
 */
export { checkEnvironment } from './check-credentials.ts'
export { makeKeyFile } from './make-key.ts'
export { sealToFile } from './seal-credentials.ts'
