import { TapedeckError, hasCode } from '@tapedeck/contracts'
import { allows, type Authenticator, type Role } from '../auth/index.ts'
import { principalOf, type App, type Reply, type Request } from './app.ts'

const BEARER = /^Bearer +([\w.~+/=-]{1,4096})$/i

const credentialOf = (request: Request): string => {
  const header = request.headers.authorization
  const credential = header === undefined ? undefined : BEARER.exec(header)?.[1]
  if (credential === undefined)
    throw new TapedeckError(
      'UNAUTHENTICATED',
      header === undefined
        ? 'The Authorization header is missing'
        : 'The Authorization header is not of the form Bearer <credential>',
    )
  return credential
}

/** Throws `INSUFFICIENT_ROLE` unless the caller has `role`; for rules that depend on the body. */
export const requireRole = (request: Request, role: Role): void => {
  const principal = principalOf(request)
  if (!allows(principal.role, role))
    throw new TapedeckError(
      'INSUFFICIENT_ROLE',
      `This needs the role ${role}; the credential has ${principal.role}`,
      { details: { required_role: role } },
    )
}

/** Told when nobody could be established; may throw what is to be answered instead. */
export type OnRefused = (request: Request, reply: Reply) => Promise<void>

/** Establishes who calls, and refuses whom the route's `access` does not admit. Unknown paths ask for nothing. */
export const authenticateRequests = (
  app: App,
  authenticate: Authenticator,
  onRefused: OnRefused,
): void => {
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config
    if (request.is404 || access === 'public') return
    try {
      request.state.principal = await authenticate(credentialOf(request))
    } catch (error) {
      if (hasCode(error, 'UNAUTHENTICATED')) await onRefused(request, reply)
      throw error
    }
    if (access !== undefined) requireRole(request, access)
  })
}
