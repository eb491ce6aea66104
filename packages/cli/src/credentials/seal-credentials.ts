import { TapedeckError } from '@tapedeck/contracts'
import { readCredentials, readSecretSetting, writeCredentialsFile } from '@tapedeck/venue'
import { EXIT } from '../exit-codes.ts'
import type { Terminal } from '../terminal/index.ts'

const PASSPHRASE = 'BINANCE_PASSPHRASE'

/**
 * Puts the key and the secret of the environment, or of the files that it names, into one encrypted file.
 * Throws CREDENTIALS_INVALID when one of them or the passphrase is missing, OUTPUT_EXISTS rather than replace.
 */
export const sealToFile = ({ env, err }: Terminal, file: string): number => {
  const credentials = readCredentials({ ...env, BINANCE_CREDENTIALS_FILE: undefined })
  if (credentials === null)
    throw new TapedeckError(
      'CREDENTIALS_INVALID',
      'there are no keys to be sealed: set BINANCE_API_KEY and BINANCE_API_SECRET, or <NAME>_FILE of them',
    )
  const passphrase = readSecretSetting(env, PASSPHRASE)
  if (passphrase === null)
    throw new TapedeckError(
      'CREDENTIALS_INVALID',
      `there is no passphrase: set ${PASSPHRASE} or ${PASSPHRASE}_FILE`,
    )
  writeCredentialsFile(file, credentials, passphrase)
  err.write(
    `${file} written. Execution opens it with BINANCE_CREDENTIALS_FILE=${file} and ${PASSPHRASE}_FILE; without the passphrase nobody does.\n`,
  )
  return EXIT.OK
}
