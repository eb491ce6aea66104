import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import { systemClock, type Clock } from '../ports/index.ts'
import { createAccessTokens } from './access-token.ts'
import { generateApiKey, hashApiKey, matchesApiKey, parseApiKey } from './api-key.ts'
import {
  anyAuthenticator,
  apiKeyAuthenticator,
  tokenAuthenticator,
  type StoredApiKey,
} from './authenticator.ts'
import { ROLES, allows } from './roles.ts'

const SECRET = 'hD3v9QmX2sLk7RpT0wYzB5nCfJ8aGeUi4oVxE6Mr'
const PEPPER = 'a pepper'
const clockAt = (ms: number): Clock => ({ ...systemClock, now: () => ms })
const NOON = Date.UTC(2026, 0, 1, 12)

describe('roles', () => {
  it('each may do what the ones before it may, and no more', () => {
    const table = ROLES.map((role) => ROLES.map((required) => (allows(role, required) ? 1 : 0)))
    expect(table).toEqual([
      [1, 0, 0, 0],
      [1, 1, 0, 0],
      [1, 1, 1, 0],
      [1, 1, 1, 1],
    ])
  })
})

describe('API keys', () => {
  const key = generateApiKey('paper')

  it('carry environment, id and a checksum that finds every single mistyped character', () => {
    expect(key.text).toMatch(/^tdk_paper_[0-9A-Za-z]{12}_[0-9A-Za-z]{46}$/)
    expect(parseApiKey(key.text)).toEqual({ environment: 'paper', keyId: key.keyId })
    for (let i = 0; i < key.text.length; i++) {
      const typo = key.text.slice(0, i) + (key.text[i] === 'a' ? 'b' : 'a') + key.text.slice(i + 1)
      expect(parseApiKey(typo)).toBeNull()
    }
  })

  it('are not found in anything else', () => {
    fc.assert(fc.property(fc.string(), (text) => parseApiKey(text) === null))
    fc.assert(
      fc.property(
        fc.stringMatching(/^tdk_[a-z]{2,10}_[0-9A-Za-z]{12}_[0-9A-Za-z]{46}$/),
        (text) => parseApiKey(text) === null || parseApiKey(text)!.keyId.length === 12,
      ),
    )
  })

  it('match their hash under their pepper only', () => {
    const hash = hashApiKey(key.text, PEPPER)
    expect(hash).not.toContain(key.text)
    expect(matchesApiKey(key.text, hash, PEPPER)).toBe(true)
    expect(matchesApiKey(key.text, hash, 'another')).toBe(false)
    expect(matchesApiKey(generateApiKey('paper').text, hash, PEPPER)).toBe(false)
    expect(matchesApiKey(key.text, 'not hex', PEPPER)).toBe(false)
    expect(matchesApiKey(key.text, '', PEPPER)).toBe(false)
  })

  const stored: StoredApiKey = {
    keyId: key.keyId,
    hash: hashApiKey(key.text, PEPPER),
    role: 'trader',
    expiresAtMs: null,
    revokedAtMs: null,
  }
  const authenticate = (row: StoredApiKey | null, credential: string) => {
    const store = { find: () => Promise.resolve(row), touch: () => Promise.resolve() }
    return apiKeyAuthenticator(store, PEPPER, clockAt(NOON))(credential)
  }

  it('let their holder in', async () => {
    expect(await authenticate(stored, key.text)).toEqual({
      id: `key:${key.keyId}`,
      role: 'trader',
      kind: 'api_key',
    })
  })

  it.each<[string, StoredApiKey | null, string]>([
    ['unknown', null, key.text],
    ['mistyped', stored, `${key.text.slice(0, -1)}_`],
    ['of another secret', stored, generateApiKey('paper').text],
    ['revoked', { ...stored, revokedAtMs: 1 }, key.text],
    ['expired', { ...stored, expiresAtMs: NOON }, key.text],
    ['stored with a damaged hash', { ...stored, hash: '' }, key.text],
  ])('are refused in the same words when %s', async (_why, row, credential) => {
    await expect(authenticate(row, credential)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'The API key is not valid',
    })
  })
})

describe('access tokens', () => {
  const tokens = createAccessTokens(SECRET, clockAt(NOON))
  const bytes = new TextEncoder().encode(SECRET)
  const forge = (
    claims: Record<string, unknown>,
    header: Record<string, string> = {},
    key = bytes,
  ) =>
    new SignJWT({
      role: 'admin',
      iss: 'tapedeck-gateway',
      aud: 'tapedeck',
      sub: 'x',
      iat: NOON / 1000,
      exp: NOON / 1000 + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header })
      .sign(key)

  it('come back as who they were minted for, for at most 15 minutes', async () => {
    const { token, expiresAtMs } = await tokens.mint({ id: 'key:abc', role: 'operator' }, 86_400)
    expect(expiresAtMs).toBe(NOON + 900_000)
    expect(await tokens.verify(token)).toEqual({ id: 'key:abc', role: 'operator', kind: 'token' })
    const later = createAccessTokens(SECRET, clockAt(NOON + 906_000))
    await expect(later.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it.each<[string, () => Promise<string>]>([
    ['of another secret', () => forge({}, {}, new TextEncoder().encode(`${SECRET}x`))],
    ['of another issuer', () => forge({ iss: 'somebody' })],
    ['for another audience', () => forge({ aud: 'somebody' })],
    ['without expiry', () => forge({ exp: undefined })],
    ['that live too long', () => forge({ exp: NOON / 1000 + 901 })],
    ['of a role that does not exist', () => forge({ role: 'root' })],
    ['without subject', () => forge({ sub: undefined })],
    ['of another type', () => forge({}, { typ: 'JWT' })],
    ['not yet valid', () => forge({ nbf: NOON / 1000 + 60 })],
    [
      'without signature',
      async () => {
        const [, payload] = (await forge({})).split('.')
        return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`
      },
    ],
  ])('%s are refused', async (_why, make) => {
    await expect(tokens.verify(await make())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('are refused once they have expired, even when they were seen before', async () => {
    let now = NOON
    const own = createAccessTokens(SECRET, { ...systemClock, now: () => now })
    const { token } = await own.mint({ id: 'x', role: 'viewer' }, 60)
    await own.verify(token)
    now += 64_000
    expect((await own.verify(token)).id).toBe('x')
    now += 2_000
    await expect(own.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('refuse any text without failing otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        await expect(tokens.verify(text)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      }),
      { numRuns: 50 },
    )
  })

  it('are not minted under a weak secret', () => {
    expect(() => createAccessTokens('secret', systemClock)).toThrow('at least 32 characters')
  })

  it('and keys are told apart by prefix', async () => {
    const authenticate = anyAuthenticator(
      () => Promise.resolve({ id: 'by key', role: 'viewer', kind: 'api_key' }),
      tokenAuthenticator(tokens),
    )
    const { token } = await tokens.mint({ id: 'by token', role: 'viewer' })
    expect((await authenticate('tdk_x')).id).toBe('by key')
    expect((await authenticate(token)).id).toBe('by token')
  })
})
