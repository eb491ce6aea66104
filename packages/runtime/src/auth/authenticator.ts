import { TapedeckError } from '@tapedeck/contracts'
import type { Clock } from '../ports/index.ts'
import type { AccessTokens } from './access-token.ts'
import { matchesApiKey, parseApiKey } from './api-key.ts'
import type { Principal, Role } from './roles.ts'

/** Turns the credential of a request into who acts; throws `UNAUTHENTICATED`. */
export type Authenticator = (credential: string) => Promise<Principal>

/** A key as it is stored: never the key itself. */
export interface StoredApiKey {
  readonly keyId: string
  /** From `hashApiKey`. */
  readonly hash: string
  readonly role: Role
  readonly expiresAtMs: number | null
  readonly revokedAtMs: number | null
}

/** Where keys are kept; the gateway implements it on its own schema. */
export interface ApiKeyStore {
  find(keyId: string): Promise<StoredApiKey | null>
  /** Notes the last use. May be lossy. */
  touch(keyId: string, atMs: number): Promise<void>
}

/** The same words for every reason: a caller learns nothing about which keys exist. */
const refused = (): TapedeckError =>
  new TapedeckError('UNAUTHENTICATED', 'The API key is not valid')

const UNKNOWN_HASH = '0'.repeat(64)

/** Accepts API keys that are stored, not revoked and not expired. */
export const apiKeyAuthenticator =
  (store: ApiKeyStore, pepper: string, clock: Clock): Authenticator =>
  async (credential) => {
    const parsed = parseApiKey(credential)
    if (parsed === null) throw refused()
    const stored = await store.find(parsed.keyId)
    const matches = matchesApiKey(credential, stored?.hash ?? UNKNOWN_HASH, pepper)
    const now = clock.now()
    if (stored === null || !matches || stored.revokedAtMs !== null) throw refused()
    if (stored.expiresAtMs !== null && stored.expiresAtMs <= now) throw refused()
    await store.touch(stored.keyId, now)
    return { id: `key:${stored.keyId}`, role: stored.role, kind: 'api_key' }
  }

/** Accepts access tokens: what every service but the gateway does. */
export const tokenAuthenticator =
  (tokens: AccessTokens): Authenticator =>
  (credential) =>
    tokens.verify(credential)

/** Accepts both; an API key is known by its prefix. */
export const anyAuthenticator =
  (byKey: Authenticator, byToken: Authenticator): Authenticator =>
  (credential) =>
    credential.startsWith('tdk_') ? byKey(credential) : byToken(credential)
