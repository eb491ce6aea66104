import { sealCredentials } from './sealed-credentials.ts'
import type { Credentials, Secret } from './secret.ts'
import { writeNewSecretFile } from './write-new-secret-file.ts'

/** Writes an encrypted file that its owner alone may read, whole or not at all. Throws OUTPUT_EXISTS rather than replace one. */
export const writeCredentialsFile = (
  path: string,
  credentials: Credentials,
  passphrase: Secret,
): void => writeNewSecretFile(path, sealCredentials(credentials, passphrase))
