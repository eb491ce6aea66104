import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Span } from '@opentelemetry/api'
import type { IdempotentClaim } from '@tapedeck/database'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Principal, Role } from '../auth/index.ts'

/** What routes are added to: fastify, with request types taken from zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Adds a service's routes. */
export type Routes = (app: App) => void

export type Request = FastifyRequest
export type Reply = FastifyReply

/** What the shell keeps with a request. */
export interface RequestState {
  /** Of the caller's trace, or made for this request. */
  traceId: string
  span: Span | null
  principal: Principal | null
  idempotency: IdempotencyState | null
}

export interface IdempotencyState {
  readonly claim: IdempotentClaim
  /** The answer is stored or the key is free: nothing is left to do. */
  isSettled: boolean
  /** A side effect may have happened, so that even a 5xx is the answer to keep. */
  sideEffect: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call: a role, or everybody. Every route says so, or the server does not start. */
    access?: Role | 'public'
    /** Name of the rate policy; default `read` for GET and HEAD, else `write`. */
    rate?: string
    /**
     * Requires `Idempotency-Key`. The shell claims the key and replays known answers. `around`: it also stores the
     * answer. `transaction`: the handler stores it in the transaction of the effect (`claimOf`, `sendCompleted`).
     */
    idempotency?: 'around' | 'transaction'
    /** Requires `If-Match`: 428 without it. */
    ifMatch?: boolean
  }
  interface FastifyRequest {
    state: RequestState
  }
}

/** Who makes this request. Only for routes whose `access` is a role. */
export const principalOf = (request: Request): Principal => {
  const { principal } = request.state
  if (principal === null) throw new Error('principalOf was called on a public route')
  return principal
}
