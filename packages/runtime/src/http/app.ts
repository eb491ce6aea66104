import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Span } from '@opentelemetry/api'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Principal, Role } from '../auth/index.ts'
import type { IdempotentRequest } from './idempotency-store.ts'

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
  readonly request: IdempotentRequest
  /** `open`: begun and to be completed; `settled`: nothing to do any more; `handler`: its own affair. */
  phase: 'open' | 'settled' | 'handler'
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
     * `around`: the shell begins and completes the request in the idempotency store. `handler`: the shell
     * checks the header, the handler does the rest in its own transaction.
     */
    idempotency?: 'around' | 'handler'
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
