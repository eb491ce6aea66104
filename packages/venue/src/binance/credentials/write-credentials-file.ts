import { writeFileSync } from 'node:fs'
import { TapedeckError } from '@tapedeck/contracts'
import { sealCredentials } from './sealed-credentials.ts'
import type { Credentials, Secret } from './secret.ts'

/** Writes an encrypted file that its owner alone may read. Throws OUTPUT_EXISTS rather than replace one. */
export const writeCredentialsFile = (
  path: string,
  credentials: Credentials,
  passphrase: Secret,
): void => {
  const text = sealCredentials(credentials, passphrase)
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new TapedeckError('OUTPUT_EXISTS', `${path} exists already`)
  }
}
