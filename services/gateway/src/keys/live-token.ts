import { TapedeckError } from '@tapedeck/contracts'
import type { AccessTokens, Authenticator, Clock } from '@tapedeck/runtime'
import type { KeyStore } from './key-store.ts'

const KEY_PREFIX = 'key:'

/** The id of the key that a principal came with; null for tokens that no key stands behind. */
export const keyIdOf = (principalId: string): string | null =>
  principalId.startsWith(KEY_PREFIX) ? principalId.slice(KEY_PREFIX.length) : null

/** Accepts access tokens whose key is still good: who revokes a key does not wait for its tokens to run out. */
export const liveTokenAuthenticator =
  (tokens: AccessTokens, keys: KeyStore, clock: Clock): Authenticator =>
  async (credential) => {
    const principal = await tokens.verify(credential)
    const keyId = keyIdOf(principal.id)
    if (keyId === null) return principal
    const key = await keys.find(keyId)
    const isDead =
      key === null ||
      key.revokedAtMs !== null ||
      (key.expiresAtMs !== null && key.expiresAtMs <= clock.now())
    if (isDead)
      throw new TapedeckError('UNAUTHENTICATED', 'The key of this access token was revoked')
    return principal
  }
