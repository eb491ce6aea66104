import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { TapedeckError } from '@tapedeck/contracts'
import { writeNewSecretFile } from '@tapedeck/venue'

/** For play alone: nothing but a simulated venue knows them. */
export interface VenueKeys {
  readonly apiKey: string
  readonly secret: string
  /** Where they were taken from; null when they were made for this run. */
  readonly from: string | null
}

const KEY = /^[A-Za-z0-9]{16,128}$/

/** 64 letters and digits, as the venue's keys are. */
const makeKey = (): string =>
  randomBytes(96)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 64)

const makeKeys = (from: string | null): VenueKeys => ({
  apiKey: makeKey(),
  secret: makeKey(),
  from,
})

const checked = (apiKey: unknown, secret: unknown, from: string): VenueKeys => {
  if (typeof apiKey === 'string' && typeof secret === 'string')
    if (KEY.test(apiKey) && KEY.test(secret)) return { apiKey, secret, from }
  throw new TapedeckError(
    'CREDENTIALS_INVALID',
    `${from}: expected an API key and a secret of 16 to 128 letters and digits`,
  )
}

const readKeys = (file: string): VenueKeys => {
  let found: unknown
  try {
    found = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new TapedeckError(
      'CREDENTIALS_INVALID',
      `${file}: expected JSON with api_key and secret`,
      { cause },
    )
  }
  const { api_key: apiKey, secret } = (found ?? {}) as Record<string, unknown>
  return checked(apiKey, secret, file)
}

/**
 * Keys of the account: of a file (made on first use, for its owner alone), of the environment
 * (TAPEDECK_VENUE_API_KEY and TAPEDECK_VENUE_SECRET), else made for this run. Keys of real venues are not
 * looked for: they have no business here. Throws CREDENTIALS_INVALID.
 */
export const venueKeys = (
  file: string | null,
  env: Readonly<Record<string, string | undefined>>,
): VenueKeys => {
  if (file !== null) {
    if (existsSync(file)) return readKeys(file)
    const keys = makeKeys(file)
    const text = JSON.stringify({ api_key: keys.apiKey, secret: keys.secret }, null, 2)
    writeNewSecretFile(file, `${text}\n`)
    return keys
  }
  const { TAPEDECK_VENUE_API_KEY: apiKey, TAPEDECK_VENUE_SECRET: secret } = env
  if (apiKey === undefined && secret === undefined) return makeKeys(null)
  return checked(apiKey, secret, 'TAPEDECK_VENUE_API_KEY and TAPEDECK_VENUE_SECRET')
}
