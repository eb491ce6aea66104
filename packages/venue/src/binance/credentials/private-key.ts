import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { TapedeckError } from '@tapedeck/contracts'
import type { Secret } from './secret.ts'

/** Which kinds of private keys the venue takes signatures of, besides secrets that both sides know. */
export type PrivateKeyKind = 'Ed25519' | 'RSA'

export type PrivateKeyReading =
  | {
      readonly ok: true
      readonly kind: PrivateKeyKind
      /** PKCS #8 as PEM, lines of 64, without a break at its end: the spelling that ccxt tells kinds by. */
      readonly pem: string
      readonly key: KeyObject
    }
  /** What is wrong with it, such as `is encrypted`; never what it is. */
  | { readonly ok: false; readonly problem: string }

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([\s\S]*?)-----END \1-----/
const LINE = 64
const RSA_BITS_MIN = 2048

const refused = (problem: string): PrivateKeyReading => ({ ok: false, problem })

/** True for what is, or was meant to be, a key in PEM. */
export const isPem = (text: string): boolean => text.includes('-----BEGIN ')

/** In the spelling of openssl, whatever became of its line breaks: none, blanks, `\n` of an environment file. */
const respell = (label: string, body: string): string => {
  const letters = body.replaceAll(/\s/g, '')
  const lines = letters.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

const parse = (pem: string): KeyObject | null => {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

/** A private key in PEM, as it may stand in a file or an environment. Never throws, and never shows it. */
export const readPrivateKey = (text: string): PrivateKeyReading => {
  const block = BLOCK.exec(text.replaceAll(String.raw`\n`, '\n'))
  if (block === null) return refused('is a part of a PEM text: expected all of it')
  const [, label = '', body = ''] = block
  if (label.includes('ENCRYPTED') || body.includes('ENCRYPTED'))
    return refused('is encrypted by itself: write it out with openssl pkey, then seal it')
  if (!label.includes('PRIVATE KEY'))
    return refused(`is a ${label.toLowerCase()}: expected the private key`)
  const key = parse(respell(label, body))
  if (key === null) return refused('is no private key that can be read')
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const pem = (key.export({ type: 'pkcs8', format: 'pem' }) as string).trim()
  if (type === 'ed25519') return { ok: true, kind: 'Ed25519', pem, key }
  if (type !== 'rsa') return refused(`is a key of ${type}: expected Ed25519 or RSA`)
  const bits = details?.modulusLength ?? 0
  if (bits < RSA_BITS_MIN)
    return refused(`is an RSA key of ${bits} bits: expected ${RSA_BITS_MIN} or more`)
  return { ok: true, kind: 'RSA', pem, key }
}

/** What the venue has to be given: the public half, PEM as openssl writes it. */
export const publicKeyOf = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string

/**
 * The text that ccxt signs with: a private key in the one spelling that it tells kinds by, any other secret
 * as it is. Throws CREDENTIALS_INVALID for a private key that nothing can be signed with.
 */
export const signingText = (secret: Secret): string => {
  const text = secret.reveal()
  if (!isPem(text)) return text
  const reading = readPrivateKey(text)
  if (reading.ok) return reading.pem
  throw new TapedeckError('CREDENTIALS_INVALID', `the secret ${reading.problem}`)
}
