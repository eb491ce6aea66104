import { generateKeyPairSync } from 'node:crypto'
import type { SimulatedVenue } from '../../src/index.ts'
import { KEYS } from './test-venue.ts'

export type SigningKind = 'HMAC' | 'RSA' | 'Ed25519'
export const SIGNING_KINDS: readonly SigningKind[] = ['HMAC', 'RSA', 'Ed25519']

/** What a client is given: a secret, or a private key in PEM. */
export type SigningKeys = { readonly apiKey: string; readonly secret: string }

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const

/** Pairs as openssl makes them, PEM both; made once a run: an RSA key takes its time. */
const pairOf = {
  RSA: () =>
    generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding }),
  Ed25519: () => generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding }),
}
const made = new Map<SigningKind, { readonly publicKey: string; readonly privateKey: string }>()

/** A key of `main` that signs in one way; the venue has it from here on. */
export const signingKeys = (venue: SimulatedVenue, kind: SigningKind): SigningKeys => {
  if (kind === 'HMAC') return KEYS
  const pair = made.get(kind) ?? pairOf[kind]()
  made.set(kind, pair)
  const apiKey = `test-key-of-${kind}`
  venue.addKey({ account: 'main', apiKey, publicKey: pair.publicKey })
  return { apiKey, secret: pair.privateKey }
}

/** The venue knows none of them any more. */
export const forgetSigningKeys = (venue: SimulatedVenue): void => {
  for (const kind of SIGNING_KINDS) venue.removeKey('main', `test-key-of-${kind}`)
}
