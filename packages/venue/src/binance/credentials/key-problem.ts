import type { Secret } from './secret.ts'

const LENGTH_MIN = 32
const DISTINCT_MIN = 10
/** Words long enough never to be in a random key by chance. */
const PLACEHOLDER =
  /your.?(api|key|secret|own|binance)|change.?me|replace|place.?holder|example|insert|(api|binance|live|real|test|fake|dummy|my).?(key|secret)|secret.?key|<.+>|\.{3}|\*{3}|x{5}|1234567|abcdefg|deadbeef/i
/** The beginnings of the keys that the venue's own documentation signs its examples with. */
const PUBLISHED = ['vmPUZE6mv9SD', 'NhqPtmdSJYdK', 'dbefbc809e3e', '2b5eb11e1879']
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/

/**
 * What makes this look like no key of a venue, such as `is a placeholder`, or null. Never says what the
 * text is. Keys of Binance have 64 letters and digits; an RSA or Ed25519 secret is a PEM text.
 */
export const keyProblem = (key: Secret): string | null => {
  const text = key.reveal()
  if (text === '') return 'is empty'
  if (/^\s|\s$/.test(text)) return 'has blanks around it'
  if (PRIVATE_KEY.test(text)) return null
  if (PLACEHOLDER.test(text)) return 'is a placeholder'
  if (PUBLISHED.some((start) => text.startsWith(start))) return 'is the one of the documentation'
  if (text.length < LENGTH_MIN)
    return `has ${text.length} characters, a key has ${LENGTH_MIN} or more`
  if (!/^[\x21-\x7e]+$/.test(text)) return 'has characters that no key has'
  if (new Set(text).size < DISTINCT_MIN || /(.)\1{7}/.test(text)) return 'repeats itself'
  if (/^(.{1,16})\1+$/.test(text)) return 'repeats itself'
  return null
}
