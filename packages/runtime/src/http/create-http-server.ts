import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { TapedeckError } from '@tapedeck/contracts'
import { LogController, fastify, type FastifyBaseLogger } from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Authenticator, Role } from '../auth/index.ts'
import type { Health } from '../lifecycle/index.ts'
import type { Logger } from '../logging/index.ts'
import type { Metrics } from '../metrics/index.ts'
import { systemClock, type Clock } from '../ports/index.ts'
import { createRouteTable, type RouteTable } from './allowed-methods.ts'
import type { App, Routes } from './app.ts'
import { authenticateRequests } from './authenticate-requests.ts'
import { requireIfMatch } from './entity-tag.ts'
import { handleIdempotency } from './idempotency.ts'
import type { IdempotencyStore } from './idempotency-store.ts'
import { createRequestLimits } from './limit-requests.ts'
import { observeRequests } from './observe-requests.ts'
import { describeRoutes } from './open-api.ts'
import { parseJsonBodies } from './parse-body.ts'
import {
  DEFAULT_RATE_POLICIES,
  memoryRateLimiter,
  type RateLimiter,
  type RatePolicy,
} from './rate-limiter.ts'
import { refuseConnection } from './refuse-connections.ts'
import { checkRoute } from './route-rules.ts'
import { secureResponses } from './secure-responses.ts'
import { sendError, sendProblem } from './send-problem.ts'
import { addServiceRoutes, type ServiceInfo } from './service-routes.ts'
import { validatorCompiler } from './validation.ts'

export interface HttpServerOptions {
  readonly info: ServiceInfo
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  readonly authenticate: Authenticator
  readonly routes?: Routes
  /** Needed by routes with `config.idempotency`. */
  readonly idempotency?: IdempotencyStore
  readonly rateLimiter?: RateLimiter
  readonly ratePolicies?: Readonly<Record<string, RatePolicy>>
  /** Who may read `/metrics`; a server that faces people asks for a role. */
  readonly metricsAccess?: Role | 'public'
  readonly bodyBytesMax?: number
  readonly clock?: Clock
}

export interface HttpServer {
  readonly app: App
  /** Listens and returns where; throws `PORT_IN_USE`. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>
  /** Not ready at once, then refuses new requests, lets running ones finish, closes. */
  close(): Promise<void>
}

const BODY_BYTES_MAX = 1024 * 1024
const REQUEST_TIMEOUT_MS = 30_000
const REQUEST_ID = /^[\w.-]{1,64}$/

const createApp = (options: HttpServerOptions): App => {
  const logger: FastifyBaseLogger = options.logger
  return fastify({
    loggerInstance: logger,
    // One line a request, written by ourselves when it is answered.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    bodyLimit: options.bodyBytesMax ?? BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 200 },
    // Closing is ours to announce, as a problem.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Node would answer a missing Host itself, without a body.
    http: { requireHostHeader: false },
    genReqId: (request) => {
      const given = String(request.headers['x-request-id'] ?? '')
      return REQUEST_ID.test(given) ? given : randomUUID()
    },
    frameworkErrors: (error, request, reply) => {
      sendError(request, reply, error)
    },
    clientErrorHandler: refuseConnection,
  }).withTypeProvider<ZodTypeProvider>()
}

/** Answers what no route takes: 405 where the path exists, else 404. */
const answerUnknown = (app: App, table: RouteTable): void => {
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const allowed = table.methodsOf(path)
    if (allowed.length === 0)
      return sendProblem(request, reply, { code: 'NOT_FOUND', detail: 'There is nothing here' })
    reply.header('allow', allowed.join(', '))
    return sendProblem(request, reply, {
      code: 'METHOD_NOT_ALLOWED',
      detail: `${request.method} is not allowed here; allowed: ${allowed.join(', ')}`,
    })
  })
}

/** While the service stops, only probes are answered; the caller finds another instance or waits. */
const refuseWhileDraining = (app: App, health: Health): void => {
  app.addHook('onRequest', (request, reply, done) => {
    const isProbe = request.routeOptions.config.rate === 'none'
    if (!health.report().draining || isProbe) {
      done()
      return
    }
    reply.header('connection', 'close')
    done(new TapedeckError('NOT_READY', 'The service is stopping'))
  })
}

const listenOn = async (
  app: App,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> => {
  try {
    await app.listen({ host, port })
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error
    throw new TapedeckError('PORT_IN_USE', `Port ${port} on ${host} is in use`, { cause: error })
  }
  const address = app.server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${name}:${address.port}`
}

/**
 * The HTTP side of a service: its routes and those that every service has, with authentication, rate
 * limits, idempotency, conditional requests, OpenAPI, and RFC 9457 for every error. Listens only when told.
 */
export const createHttpServer = (options: HttpServerOptions): HttpServer => {
  const { info, metrics, health, clock = systemClock } = options
  const app = createApp(options)
  const table = createRouteTable()

  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => sendError(request, reply, error))
  parseJsonBodies(app)
  app.addHook('onRoute', (route) => {
    checkRoute(route)
    for (const method of [route.method].flat()) table.add(method, route.url)
  })
  secureResponses(app)
  observeRequests(app, metrics)
  refuseWhileDraining(app, health)
  const limits = createRequestLimits(app, options.rateLimiter ?? memoryRateLimiter(clock), {
    ...DEFAULT_RATE_POLICIES,
    ...options.ratePolicies,
  })
  authenticateRequests(app, options.authenticate, limits.countFailure)
  limits.limitCallers()
  requireIfMatch(app)
  handleIdempotency(app, options.idempotency ?? null)
  answerUnknown(app, table)
  describeRoutes(app, info)
  // As a plugin, so that a mistake in a route rejects `ready` and `listen` instead of ending the process.
  void app.register(async (routed: App) => {
    addServiceRoutes(routed, info, health, metrics, options.metricsAccess ?? 'public')
    options.routes?.(routed)
  })

  return {
    app,
    listen: (address) => listenOn(app, address),
    close: async () => {
      health.drain()
      await app.close()
    },
  }
}
