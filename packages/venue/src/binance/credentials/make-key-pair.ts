import { generateKeyPairSync } from 'node:crypto'
import { publicKeyOf } from './private-key.ts'
import { Secret } from './secret.ts'

/** A private key, PKCS #8 in PEM, and what the venue is given: its public half in PEM. */
export type KeyPair = { readonly privateKey: Secret; readonly publicKey: string }

/** A new Ed25519 pair: what the venue recommends, and the one kind that sessions of its WebSocket API take. */
export const makeKeyPair = (): KeyPair => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return { privateKey: new Secret(pem), publicKey: publicKeyOf(privateKey) }
}
