import type { Readable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'
import type { ServiceName } from '@tapedeck/contracts'
import type { ServiceUrls } from '../config.ts'

export interface UpstreamRequest {
  readonly service: ServiceName
  readonly method: Dispatcher.HttpMethod
  /** Path and query, exactly as they are to be sent. */
  readonly path: string
  readonly headers: Record<string, string | string[]>
  readonly body: Readable | null
  readonly signal: AbortSignal
}

/** A service did not answer. */
export interface UpstreamFailure {
  readonly error: unknown
  /** True when the request never left: nothing can have happened. */
  readonly notSent: boolean
}

export type UpstreamResult =
  | { readonly ok: true; readonly response: Dispatcher.ResponseData }
  | ({ readonly ok: false } & UpstreamFailure)

/** Connections to the other services. */
export interface Upstreams {
  /** Null when this gateway does not know where the service listens. */
  urlOf(service: string): string | null
  /** One attempt; two for a read whose connection broke before the answer. Never throws. */
  send(request: UpstreamRequest): Promise<UpstreamResult>
  close(): Promise<void>
}

const CONNECT_MS_MAX = 2_000
const ANSWER_MS_MAX = 30_000
const SILENCE_MS_MAX = 60_000
const CONNECTIONS_MAX = 64

const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** A kept connection that the other side had closed meanwhile, e.g. by a restart. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** Upstreams over a pool of kept connections. */
export const createUpstreams = (urls: ServiceUrls): Upstreams => {
  const agent = new Agent({
    connections: CONNECTIONS_MAX,
    connect: { timeout: CONNECT_MS_MAX },
    headersTimeout: ANSWER_MS_MAX,
    bodyTimeout: SILENCE_MS_MAX,
  })

  const attempt = async (origin: string, request: UpstreamRequest): Promise<UpstreamResult> => {
    const { service: _, ...rest } = request
    try {
      return { ok: true, response: await agent.request({ origin, ...rest }) }
    } catch (error) {
      return { ok: false, error, notSent: NOT_SENT.has(codeOf(error)) }
    }
  }

  return {
    urlOf: (service) => urls.get(service as ServiceName) ?? null,
    send: async (request) => {
      const origin = urls.get(request.service)
      if (origin === undefined)
        return { ok: false, error: new Error('unknown service'), notSent: true }
      const first = await attempt(origin, request)
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      if (first.ok || !isRead || !BROKEN.has(codeOf(first.error))) return first
      return await attempt(origin, request)
    },
    close: async () => await agent.destroy(),
  }
}
