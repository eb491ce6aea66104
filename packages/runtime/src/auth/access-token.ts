import { randomUUID } from 'node:crypto'
import { TapedeckError } from '@tapedeck/contracts'
import { SignJWT, jwtVerify } from 'jose'
import { z } from 'zod'
import { SigningSecret } from '../config/index.ts'
import type { Clock } from '../ports/index.ts'
import { Role, type Principal } from './roles.ts'

const ISSUER = 'tapedeck-gateway'
const AUDIENCE = 'tapedeck'
const ALGORITHM = 'HS256'

/** No access token lives longer; a stolen one is of use for this long. */
export const TOKEN_TTL_SECONDS_MAX = 900

const CLOCK_TOLERANCE_SECONDS = 5
const VERIFIED_MAX = 1_000

const Claims = z.object({
  sub: z.string().min(1).max(100),
  role: Role,
  iat: z.int(),
  exp: z.int(),
})

interface Verified {
  readonly principal: Principal
  readonly untilMs: number
}

const keyOf = (secret: string): Uint8Array => {
  const checked = SigningSecret.safeParse(secret)
  if (!checked.success)
    throw new TapedeckError(
      'CONFIG_INVALID',
      `TAPEDECK_JWT_SECRET: ${checked.error.issues[0]!.message}`,
    )
  return new TextEncoder().encode(secret)
}

export interface AccessTokens {
  /** A short-lived token for a principal that has proved who it is. */
  mint(principal: Pick<Principal, 'id' | 'role'>, ttlSeconds?: number): Promise<AccessToken>
  /** The principal of a valid token; throws `UNAUTHENTICATED` otherwise. */
  verify(token: string): Promise<Principal>
}

export interface AccessToken {
  readonly token: string
  readonly expiresAtMs: number
}

/** Tokens under the shared secret. The gateway mints them; every service verifies. */
export const createAccessTokens = (secret: string, clock: Clock): AccessTokens => {
  const key = keyOf(secret)

  const mint: AccessTokens['mint'] = async (principal, ttlSeconds = TOKEN_TTL_SECONDS_MAX) => {
    const ttl = Math.max(1, Math.min(Math.floor(ttlSeconds), TOKEN_TTL_SECONDS_MAX))
    const issuedAt = Math.floor(clock.now() / 1000)
    const token = await new SignJWT({ role: principal.role })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(principal.id)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + ttl)
      .sign(key)
    return { token, expiresAtMs: (issuedAt + ttl) * 1000 }
  }

  const check = async (token: string): Promise<Verified> => {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: 'at+jwt',
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock.now()),
      })
      const claims = Claims.parse(payload)
      if (claims.exp - claims.iat > TOKEN_TTL_SECONDS_MAX) throw new Error('lives too long')
      return {
        principal: { id: claims.sub, role: claims.role, kind: 'token' },
        untilMs: (claims.exp + CLOCK_TOLERANCE_SECONDS) * 1000,
      }
    } catch (error) {
      throw new TapedeckError('UNAUTHENTICATED', 'The access token is not valid or has expired', {
        cause: error,
      })
    }
  }

  // A token cannot change, so its signature is checked once; verifying costs more than most requests.
  const verified = new Map<string, Verified>()

  const verify: AccessTokens['verify'] = async (token) => {
    const known = verified.get(token)
    if (known !== undefined && clock.now() < known.untilMs) return known.principal
    verified.delete(token)
    const checked = await check(token)
    verified.set(token, checked)
    if (verified.size > VERIFIED_MAX) verified.delete(verified.keys().next().value!)
    return checked.principal
  }

  return { mint, verify }
}
