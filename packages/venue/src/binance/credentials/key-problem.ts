import { isPem, readPrivateKey, type PrivateKeyReading } from './private-key.ts'
import type { Secret } from './secret.ts'

const LENGTH_MIN = 32
const DISTINCT_MIN = 10
/** Words long enough never to be in a random key by chance. */
const PLACEHOLDER =
  /your.?(api|key|secret|own|binance)|change.?me|replace|place.?holder|example|insert|(api|binance|live|real|test|fake|dummy|my).?(key|secret)|secret.?key|<.+>|\.{3}|\*{3}|x{5}|1234567|abcdefg|deadbeef/i
/** The beginnings of the keys that the venue's own documentation signs its examples with. */
const PUBLISHED = ['vmPUZE6mv9SD', 'NhqPtmdSJYdK', 'dbefbc809e3e', '2b5eb11e1879']
/** Seeds of the private keys of RFC 8410 and RFC 8032, which examples are signed with, as base64url. */
const PUBLISHED_SEEDS = new Set([
  '1O5y2_kTWErVttjx92n4rTr-fCjL8dT74Jeoj0R1WEI',
  'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  'TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs',
  'xaqN9D-fg3vtt0QvMdy3sWbThTUHbwlLhc46LgtEWPc',
])

/** Which of two a text is to be: only a secret may be a private key. */
export type KeyRole = 'API key' | 'secret'

const seedProblem = ({ key, kind }: Extract<PrivateKeyReading, { ok: true }>): string | null => {
  if (kind !== 'Ed25519') return null
  const { d: seed = '' } = key.export({ format: 'jwk' })
  if (PUBLISHED_SEEDS.has(seed)) return 'is the one of the documentation'
  return new Set(Buffer.from(seed, 'base64url')).size < DISTINCT_MIN ? 'repeats itself' : null
}

const pemProblem = (text: string, role: KeyRole): string | null => {
  if (role === 'API key') return 'is a text in PEM: that is for the secret'
  const reading = readPrivateKey(text)
  if (reading.ok) return seedProblem(reading)
  return PLACEHOLDER.test(text) ? 'is a placeholder' : reading.problem
}

/**
 * What makes this look like no key of a venue, such as `is a placeholder`, or null. Never says what the
 * text is. Keys of Binance have 64 letters and digits; an RSA or Ed25519 secret is a PEM text.
 */
export const keyProblem = (key: Secret, role: KeyRole = 'secret'): string | null => {
  const text = key.reveal()
  if (text === '') return 'is empty'
  if (isPem(text)) return pemProblem(text, role)
  if (/^\s|\s$/.test(text)) return 'has blanks around it'
  if (PLACEHOLDER.test(text)) return 'is a placeholder'
  if (PUBLISHED.some((start) => text.startsWith(start))) return 'is the one of the documentation'
  if (text.length < LENGTH_MIN)
    return `has ${text.length} characters, a key has ${LENGTH_MIN} or more`
  if (!/^[\x21-\x7e]+$/.test(text)) return 'has characters that no key has'
  if (new Set(text).size < DISTINCT_MIN || /(.)\1{7}/.test(text)) return 'repeats itself'
  if (/^(.{1,16})\1+$/.test(text)) return 'repeats itself'
  return null
}
