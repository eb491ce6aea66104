import { TapedeckError } from '@tapedeck/contracts'
import { readSecretFile } from './read-secret-file.ts'
import { signingText } from './private-key.ts'
import { openCredentials } from './sealed-credentials.ts'
import { Secret, type Credentials } from './secret.ts'

/** Where credentials come from; each can be put into a file that `<NAME>_FILE` names. */
export const CREDENTIAL_SETTINGS = {
  apiKey: 'BINANCE_API_KEY',
  secret: 'BINANCE_API_SECRET',
  sealed: 'BINANCE_CREDENTIALS_FILE',
  passphrase: 'BINANCE_PASSPHRASE',
} as const

type Environment = Readonly<Record<string, string | undefined>>

const invalid = (problem: string): TapedeckError =>
  new TapedeckError('CREDENTIALS_INVALID', problem)

/** The setting itself, or the file that `<NAME>_FILE` names; null without either. Throws CREDENTIALS_INVALID. */
export const readSecretSetting = (environment: Environment, name: string): Secret | null => {
  const text = environment[name] ?? ''
  const path = environment[`${name}_FILE`] ?? ''
  if (text !== '' && path !== '')
    throw invalid(`${name} and ${name}_FILE are both set: set one of them`)
  if (path !== '') return readSecretFile(`${name}_FILE`, path)
  return text === '' ? null : new Secret(text)
}

/** A private key in the one spelling that it is signed with. Throws CREDENTIALS_INVALID for one that cannot sign. */
const respelled = ({ apiKey, secret }: Credentials): Credentials => ({
  apiKey,
  secret: new Secret(signingText(secret)),
})

/**
 * Credentials from the environment, from files that it names, or from one encrypted file
 * (`BINANCE_CREDENTIALS_FILE`, opened with `BINANCE_PASSPHRASE`). The secret may be a private key in PEM. Null
 * when nothing is set. Throws CREDENTIALS_INVALID for half of a pair, two sources at once, files that everybody
 * may read, and a private key that nothing can be signed with.
 */
export const readCredentials = (environment: Environment): Credentials | null => {
  const names = CREDENTIAL_SETTINGS
  const apiKey = readSecretSetting(environment, names.apiKey)
  const secret = readSecretSetting(environment, names.secret)
  const path = environment[names.sealed] ?? ''
  if (path !== '') {
    if (apiKey !== null || secret !== null)
      throw invalid(
        `${names.sealed} is set beside ${names.apiKey} or ${names.secret}: set one source of credentials`,
      )
    const passphrase = readSecretSetting(environment, names.passphrase)
    if (passphrase === null)
      throw invalid(
        `${names.sealed} is set without ${names.passphrase} or ${names.passphrase}_FILE`,
      )
    return respelled(openCredentials(readSecretFile(names.sealed, path).reveal(), passphrase))
  }
  if (apiKey === null && secret === null) return null
  if (apiKey === null) throw invalid(`${names.secret} is set without ${names.apiKey}`)
  if (secret === null) throw invalid(`${names.apiKey} is set without ${names.secret}`)
  return respelled({ apiKey, secret })
}
