import { TapedeckError } from '@tapedeck/contracts'
import type { App, Reply, Request } from './app.ts'
import type { RateDecision, RateLimiter, RatePolicy } from './rate-limiter.ts'

/** No limit at all: probes must always be answered. */
export const UNLIMITED = 'none'

const seconds = (ms: number): number => Math.ceil(ms / 1000)

const writeHeaders = (
  reply: Reply,
  name: string,
  policy: RatePolicy,
  decision: RateDecision,
): void => {
  reply.header('ratelimit-policy', `"${name}";q=${policy.limit};w=${seconds(policy.windowMs)}`)
  reply.header('ratelimit', `"${name}";r=${decision.remaining};t=${seconds(decision.resetMs)}`)
}

const policyNameOf = (request: Request): string =>
  request.routeOptions.config.rate ??
  (request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write')

const callerOf = (request: Request): string => request.state.principal?.id ?? `ip:${request.ip}`

/** Counts requests against policies, and says in every answer what is left. */
export interface RequestLimits {
  /** Holds callers to the rate of each route. Add after authentication. */
  limitCallers(): void
  /** Counts a failed attempt to authenticate, by address; throws `RATE_LIMITED` when there were too many. */
  readonly countFailure: (request: Request, reply: Reply) => Promise<void>
}

/** Limits for the routes of an app. */
export const createRequestLimits = (
  app: App,
  limiter: RateLimiter,
  policies: Readonly<Record<string, RatePolicy>>,
): RequestLimits => {
  const take = async (reply: Reply, name: string, caller: string): Promise<void> => {
    const policy = policies[name]
    if (policy === undefined) return
    const decision = await limiter.take(name, policy, caller)
    writeHeaders(reply, name, policy, decision)
    if (!decision.allowed)
      throw new TapedeckError(
        'RATE_LIMITED',
        `More than ${policy.limit} requests in ${seconds(policy.windowMs)} s`,
        { details: { retry_after_ms: decision.retryAfterMs, policy: name } },
      )
  }

  const limitCallers = (): void => {
    app.addHook('onRoute', (route) => {
      const name = route.config?.rate
      if (name !== undefined && name !== UNLIMITED && policies[name] === undefined)
        throw new TypeError(`Route ${route.url}: no rate policy is called ${name}`)
    })
    app.addHook('onRequest', async (request, reply) => {
      const name = policyNameOf(request)
      if (!request.is404 && name !== UNLIMITED) await take(reply, name, callerOf(request))
    })
  }

  return {
    limitCallers,
    countFailure: (request, reply) => take(reply, 'auth', `ip:${request.ip}`),
  }
}
