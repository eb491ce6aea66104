import { createPrivateKey, generateKeyPairSync, sign as signWith } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createKeyVerifier } from './key-verifier.ts'
import { sign } from './sign.ts'

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const
const ed25519 = generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding })
const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding,
  privateKeyEncoding,
})
const SECRET = 'a secret'

const base64 = (digest: string | null, privateKey: string) => (text: string) =>
  signWith(digest, Buffer.from(text, 'utf8'), createPrivateKey(privateKey)).toString('base64')

describe.each([
  ['HMAC_SHA256', { secret: SECRET }, (text: string) => sign(SECRET, text)],
  ['ED25519', { publicKey: ed25519.publicKey }, base64(null, ed25519.privateKey)],
  ['RSA', { publicKey: rsa.publicKey }, base64('sha256', rsa.privateKey)],
] as const)('a key of %s', (type, proof, signer) => {
  const verifier = createKeyVerifier(proof)

  it('takes its own signature of any text, and of no other', () => {
    expect(verifier.type).toBe(type)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, other) => {
        const signature = signer(text)
        expect(verifier.isSigned(text, signature)).toBe(true)
        expect(verifier.isSigned(`${text}${other}x`, signature)).toBe(false)
      }),
      { numRuns: 30 },
    )
  })

  it('takes nothing else, whatever it is, and never throws', () => {
    const good = signer('a text')
    const altered = fc
      .tuple(fc.nat(good.length - 1), fc.nat(good.length), fc.string({ maxLength: 4 }))
      .map(([from, to, put]) => good.slice(0, from) + put + good.slice(to))
      .filter((text) => text.toLowerCase() !== good.toLowerCase())
    const any = fc.oneof(altered, fc.base64String(), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(any, (signature) => {
        expect(verifier.isSigned('a text', signature)).toBe(false)
      }),
    )
  })
})

/** The type of a key that is taken, `refused` for one that is refused in order. */
const outcomeOf = (publicKey: string): string => {
  try {
    return createKeyVerifier({ publicKey }).type
  } catch (error) {
    if (error instanceof RangeError) return 'refused'
    throw error
  }
}

describe('a public key', () => {
  it('is read or refused with a RangeError, and a private one never taken', () => {
    const around = fc
      .tuple(
        fc.constantFrom(ed25519.publicKey, rsa.publicKey, ed25519.privateKey),
        fc.nat(),
        fc.nat(),
        fc.string({ maxLength: 6 }),
      )
      .map(
        ([pem, from, to, put]) =>
          pem.slice(0, from % pem.length) + put + pem.slice(to % pem.length),
      )
    fc.assert(
      fc.property(fc.oneof(around, fc.string({ unit: 'binary' })), (publicKey) => {
        const outcome = outcomeOf(publicKey)
        expect(['ED25519', 'RSA', 'refused']).toContain(outcome)
        expect(outcome !== 'refused' && publicKey.includes('PRIVATE KEY')).toBe(false)
      }),
    )
  })
})
