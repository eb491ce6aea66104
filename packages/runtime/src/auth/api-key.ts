import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * `tdk_<environment>_<key id>_<secret><checksum>`: one double-click selects it, its environment can be
 * seen, a typing error is found without a server, and secret scanners know it by its prefix.
 */
export interface ApiKey {
  readonly environment: string
  /** Public; identifies the key in lists and logs. */
  readonly keyId: string
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const KEY_ID_LENGTH = 12
/** 40 characters of 62 are 238 bits: guessing is hopeless, so a fast keyed hash is enough to store it. */
const SECRET_LENGTH = 40
const CHECKSUM_LENGTH = 6
const SHAPE = /^tdk_([a-z]{2,10})_([0-9A-Za-z]{12})_[0-9A-Za-z]{40}[0-9A-Za-z]{6}$/

const randomText = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

const checksum = (text: string): string => {
  let rest = crc32(text)
  let digits = ''
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = ALPHABET[rest % ALPHABET.length]! + digits
    rest = Math.floor(rest / ALPHABET.length)
  }
  return digits
}

/** A new key. `text` is shown to its owner once and stored nowhere. */
export const generateApiKey = (environment: string): ApiKey & { readonly text: string } => {
  if (!/^[a-z]{2,10}$/.test(environment))
    throw new TypeError(`API key environment ${environment}: expected 2 to 10 lower-case letters`)
  const keyId = randomText(KEY_ID_LENGTH)
  const body = `tdk_${environment}_${keyId}_${randomText(SECRET_LENGTH)}`
  return { environment, keyId, text: body + checksum(body) }
}

/** Reads a key offline: null when shape or checksum is wrong. Says nothing about whether it is valid. */
export const parseApiKey = (text: string): ApiKey | null => {
  const match = SHAPE.exec(text)
  if (match === null) return null
  const body = text.slice(0, -CHECKSUM_LENGTH)
  if (checksum(body) !== text.slice(-CHECKSUM_LENGTH)) return null
  return { environment: match[1]!, keyId: match[2]! }
}

/** What is stored of a key: HMAC-SHA-256 under a pepper that is not in the database. Hex. */
export const hashApiKey = (text: string, pepper: string): string =>
  createHmac('sha256', pepper).update(text).digest('hex')

/** Compares a presented key with a stored hash in constant time. */
export const matchesApiKey = (text: string, storedHash: string, pepper: string): boolean => {
  const presented = Buffer.from(hashApiKey(text, pepper), 'hex')
  const stored = Buffer.from(storedHash, 'hex')
  return presented.length === stored.length && timingSafeEqual(presented, stored)
}
