/**
 * Keys: where they come from, how they are kept, and that they are never shown.
 *
 * Entry points: `Secret` (prints as `[secret]`), `readCredentials` (environment, files, encrypted file),
 * `sealCredentials` and `openCredentials`, `readPrivateKey` (Ed25519 and RSA in PEM), `SecretHider` (cleans texts),
 * `keyProblem` (placeholders). Invariant: the
 * text of a key is in a `Secret`, in the file that the user named, or in the request that it signs, and nowhere else.
 */
export { createHidingLog } from './hiding-log.ts'
export { keyProblem, type KeyRole } from './key-problem.ts'
export { makeKeyPair, type KeyPair } from './make-key-pair.ts'
export {
  isPem,
  publicKeyOf,
  readPrivateKey,
  signingText,
  type PrivateKeyKind,
  type PrivateKeyReading,
} from './private-key.ts'
export { CREDENTIAL_SETTINGS, readCredentials, readSecretSetting } from './read-credentials.ts'
export { openCredentials, sealCredentials } from './sealed-credentials.ts'
export { SecretHider } from './secret-hider.ts'
export { Secret, type Credentials } from './secret.ts'
export { writeCredentialsFile } from './write-credentials-file.ts'
export { writeNewSecretFile } from './write-new-secret-file.ts'
