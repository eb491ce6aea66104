import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { type ServiceName, TapedeckError, hasCode } from '@tapedeck/contracts'
import {
  type AccessTokens,
  type App,
  type Reply,
  type Request,
  injectTrace,
  principalOf,
  sendProblem,
} from '@tapedeck/runtime'
import { z } from 'zod'
import { requestHeaders, responseHeaders } from './headers.ts'
import { limitBytes } from './limit-bytes.ts'
import type { UpstreamFailure, Upstreams } from './upstreams.ts'

export interface ProxyParts {
  readonly upstreams: Upstreams
  readonly tokens: AccessTokens
}

/** Long enough to arrive, too short to be of use to anybody who finds it. */
const TOKEN_TTL_SECONDS = 60
const READS = ['GET', 'HEAD'] as const
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'] as const
const PATH = /^\/api\/([a-z-]{1,40})(\/v1\/[^#]*|\/openapi\.json)$/

/** From the request line itself, so that what the service sees is what the caller wrote. */
const targetOf = (
  request: Request,
  upstreams: Upstreams,
): { service: ServiceName; path: string } => {
  const [, service = '', path = ''] = PATH.exec(request.url) ?? []
  if (upstreams.urlOf(service) === null)
    throw new TapedeckError('NOT_FOUND', 'There is no such service behind this gateway')
  return { service: service as ServiceName, path }
}

/** The caller's own trace goes on where none is recorded here. */
const traceOf = (request: Request): Record<string, string> => {
  const { traceparent, tracestate } = request.headers
  const own = injectTrace({})
  if (own['traceparent'] !== undefined || typeof traceparent !== 'string') return own
  return { traceparent, ...(typeof tracestate === 'string' ? { tracestate } : {}) }
}

const sendUnavailable = (
  request: Request,
  reply: Reply,
  service: ServiceName,
  { error, notSent }: UpstreamFailure,
): Reply => {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const outcome = notSent ? 'not_sent' : 'unknown'
  request.log.warn(
    { event: 'upstream_unavailable', upstream: service, outcome, err: error },
    'a service does not answer',
  )
  const advice =
    isRead || notSent
      ? 'nothing was changed'
      : 'it may have carried out the request; repeat it with the same Idempotency-Key'
  return sendProblem(request, reply, {
    code: 'UPSTREAM_UNAVAILABLE',
    detail: `${service} does not answer: ${advice}`,
    retryAfterMs: 2_000,
    extensions: { service, outcome: isRead ? 'not_sent' : outcome },
  })
}

/** Ends the request to the service when the caller has gone. */
const whileConnected = (reply: Reply): AbortSignal => {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}

const sendAnswer = async (
  request: Request,
  reply: Reply,
  { statusCode, headers, body }: Dispatcher.ResponseData,
): Promise<Reply> => {
  reply.code(statusCode).headers(responseHeaders(headers))
  if (request.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304) return reply.send(body)
  await body.dump()
  return reply.send()
}

const forward = async (
  request: Request,
  reply: Reply,
  { upstreams, tokens }: ProxyParts,
): Promise<Reply> => {
  const { service, path } = targetOf(request, upstreams)
  const { token } = await tokens.mint(principalOf(request), TOKEN_TTL_SECONDS)
  const body = (request.body ?? null) as Readable | null
  const result = await upstreams.send({
    service,
    path,
    method: request.method,
    headers: {
      ...requestHeaders(request.headers),
      ...traceOf(request),
      authorization: `Bearer ${token}`,
      'x-request-id': request.id,
    },
    body: body === null ? null : limitBytes(body, request.headers['content-length']),
    signal: whileConnected(reply),
  })
  if (!result.ok) {
    if (hasCode(result.error, 'PAYLOAD_TOO_LARGE')) throw result.error
    return sendUnavailable(request, reply, service, result)
  }
  if (result.response.statusCode !== 401) return await sendAnswer(request, reply, result.response)
  // The caller was let in, so a refusal of our own token is our fault and not theirs.
  await result.response.body.dump()
  const error = new Error(
    `${service} refuses the tokens of this gateway: TAPEDECK_JWT_SECRET differs, or a clock is off`,
  )
  return sendUnavailable(request, reply, service, { error, notSent: true })
}

/** The description of a service, with the address that it has from outside. */
const describe = async (
  request: Request,
  reply: Reply,
  { upstreams }: ProxyParts,
): Promise<Reply> => {
  const { service, path } = targetOf(request, upstreams)
  const result = await upstreams.send({
    service,
    path,
    method: 'GET',
    headers: { 'x-request-id': request.id },
    body: null,
    signal: whileConnected(reply),
  })
  if (!result.ok) return sendUnavailable(request, reply, service, result)
  try {
    const document = (await result.response.body.json()) as Record<string, unknown>
    return await reply.send({ ...document, servers: [{ url: `/api/${service}` }] })
  } catch (error) {
    return sendUnavailable(request, reply, service, { error, notSent: true })
  }
}

/** Everything below `/api`. The routes themselves are described by the services. */
export const addProxyRoutes = (app: App, parts: ProxyParts): void => {
  app.get(
    '/api/:service/openapi.json',
    { config: { access: 'public' }, schema: { hide: true }, exposeHeadRoute: false },
    async (request, reply) => await describe(request, reply, parts),
  )
  void app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers()
    // Whatever it is, it is for the service to judge.
    scope.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload))
    // Fastify takes no body schema where HTTP has no body.
    for (const [method, body] of [
      [READS, {}],
      [WRITES, { body: z.any() }],
    ] as const)
      scope.route({
        method: [...method],
        url: '/api/:service/v1/*',
        config: { access: 'viewer' },
        exposeHeadRoute: false,
        schema: { hide: true, querystring: z.any(), ...body },
        handler: async (request, reply) => await forward(request, reply, parts),
      })
    done()
  })
}
