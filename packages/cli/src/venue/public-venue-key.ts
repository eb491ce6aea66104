import { createHash, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { TapedeckError } from '@tapedeck/contracts'

/** A key whose requests are signed by whoever has the private half: the venue never sees that. */
export interface PublicVenueKey {
  readonly apiKey: string
  /** PEM of an Ed25519 key, or of an RSA key of 2048 bits or more. */
  readonly publicKey: string
  /** Where it was taken from. */
  readonly from: string
}

const API_KEY = /^[A-Za-z0-9]{16,128}$/
const API_KEY_LENGTH = 64

const invalid = (problem: string, cause?: unknown): TapedeckError =>
  new TapedeckError('CREDENTIALS_INVALID', problem, { cause })

const readPublicKey = (file: string): string => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw invalid(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`, error)
  }
  if (text.includes('PRIVATE KEY'))
    throw invalid(
      `${file}: is a private key; give its public half: openssl pkey -in ${file} -pubout`,
    )
  return text
}

/** 64 letters and digits that follow from the key, so that it goes by the same name in every run. */
const nameOf = (publicKey: string, file: string): string => {
  try {
    const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' })
    return createHash('sha512').update(der).digest('hex').slice(0, API_KEY_LENGTH)
  } catch (error) {
    throw invalid(`${file}: expected a public key in PEM, Ed25519 or RSA`, error)
  }
}

/**
 * A public key of a file, under the API key that TAPEDECK_VENUE_API_KEY names, else under one that follows from
 * it. Throws CREDENTIALS_INVALID; what the venue does not take it refuses itself.
 */
export const publicVenueKey = (
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): PublicVenueKey => {
  const publicKey = readPublicKey(file)
  const derived = nameOf(publicKey, file)
  const { TAPEDECK_VENUE_API_KEY: named, TAPEDECK_VENUE_SECRET: secret } = env
  if (secret !== undefined)
    throw invalid('TAPEDECK_VENUE_SECRET is set beside --public-key: expected one of them')
  if (named !== undefined && !API_KEY.test(named))
    throw invalid('TAPEDECK_VENUE_API_KEY: expected 16 to 128 letters and digits')
  return { apiKey: named ?? derived, publicKey, from: file }
}
