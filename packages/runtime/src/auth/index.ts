/**
 * Who may do what.
 *
 * Entry points: `generateApiKey`, `hashApiKey` (the gateway makes and stores keys),
 * `createAccessTokens` (short-lived tokens for services), `apiKeyAuthenticator`, `tokenAuthenticator`,
 * `allows` (roles). Invariants: no default credential exists; keys are stored as keyed hashes; a token
 * lives 15 minutes at most.
 */
export {
  TOKEN_TTL_SECONDS_MAX,
  createAccessTokens,
  type AccessToken,
  type AccessTokens,
} from './access-token.ts'
export { generateApiKey, hashApiKey, matchesApiKey, parseApiKey, type ApiKey } from './api-key.ts'
export {
  anyAuthenticator,
  apiKeyAuthenticator,
  tokenAuthenticator,
  type ApiKeyStore,
  type Authenticator,
  type StoredApiKey,
} from './authenticator.ts'
export { ROLES, Role, allows, type Principal } from './roles.ts'
