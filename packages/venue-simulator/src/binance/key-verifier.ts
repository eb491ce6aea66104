import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import type { KeyProof } from '../venue/account-spec.ts'
import { isSignedBy } from './sign.ts'

/** How a key signs, in the venue's words. */
export type KeyType = 'HMAC_SHA256' | 'RSA' | 'ED25519'

export type KeyVerifier = {
  readonly type: KeyType
  /** Never throws, whatever the signature is. */
  readonly isSigned: (text: string, signature: string) => boolean
}

/** An RSA key of 4096 bits signs with 684 characters. */
const SIGNATURE_CHARACTERS_MAX = 2048
const RSA_BITS_MIN = 2048
const RSA_BITS_MAX = 8192
const EXPECTED = `expected the PEM text of an Ed25519 key, or of an RSA key of ${RSA_BITS_MIN} bits or more`

/** The bytes of a signature in base64; null for everything that is not, other spellings of the same bytes too. */
const bytesOf = (signature: string): Buffer | null => {
  if (signature === '' || signature.length > SIGNATURE_CHARACTERS_MAX) return null
  const bytes = Buffer.from(signature, 'base64')
  return bytes.toString('base64') === signature ? bytes : null
}

const readKey = (publicKey: string): KeyObject => {
  // A private key would be taken as well, and its public half kept: it has no business here.
  if (publicKey.includes('PRIVATE KEY'))
    throw new RangeError('public key: is a private one; keep that, and give its public half')
  try {
    return createPublicKey(publicKey)
  } catch {
    throw new RangeError(`public key: cannot be read; ${EXPECTED}`)
  }
}

const publicVerifier = (publicKey: string): KeyVerifier => {
  const key = readKey(publicKey)
  const kind = key.asymmetricKeyType
  if (kind === 'ed25519')
    return {
      type: 'ED25519',
      isSigned: (text, signature) => {
        const bytes = bytesOf(signature)
        return bytes !== null && verify(null, Buffer.from(text, 'utf8'), key, bytes)
      },
    }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (kind !== 'rsa' || bits < RSA_BITS_MIN || bits > RSA_BITS_MAX)
    throw new RangeError(
      `public key: is ${kind}${bits === 0 ? '' : ` of ${bits} bits`}; ${EXPECTED}`,
    )
  return {
    type: 'RSA',
    // PKCS #1 v1.5 over SHA-256, as documented (binance-ccxt-facts §2.4).
    isSigned: (text, signature) => {
      const bytes = bytesOf(signature)
      return bytes !== null && verify('sha256', Buffer.from(text, 'utf8'), key, bytes)
    },
  }
}

/**
 * What verifies the signatures of a key: hex for a secret, base64 for a public key. Throws a RangeError for
 * neither, both, and a public key that the venue does not take.
 */
export const createKeyVerifier = ({ secret, publicKey }: KeyProof): KeyVerifier => {
  if (publicKey !== undefined) {
    if (secret !== undefined)
      throw new RangeError('secret: is given beside a public key; expected one of them')
    return publicVerifier(publicKey)
  }
  if (secret === undefined || secret === '')
    throw new RangeError('secret: expected some text, or a public key')
  return {
    type: 'HMAC_SHA256',
    isSigned: (text, signature) => isSignedBy(secret, text, signature),
  }
}
