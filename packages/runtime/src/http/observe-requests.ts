import { SpanKind, context, trace, type Context } from '@opentelemetry/api'
import type { Metrics } from '../metrics/index.ts'
import { extractTrace } from '../telemetry/index.ts'
import type { App, Reply, Request } from './app.ts'
import { HTTP_METRICS } from './http-metrics.ts'
import { newTraceId } from './send-problem.ts'

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}/
const QUIET = new Set(['/live', '/ready', '/metrics'])

const routeOf = (request: Request): string =>
  request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown')

/** The caller's trace id, so that its logs and ours meet even when neither side exports traces. */
const traceIdOf = (request: Request, spanTraceId: string): string => {
  if (/[1-9a-f]/.test(spanTraceId)) return spanTraceId
  return TRACEPARENT.exec(String(request.headers['traceparent'] ?? ''))?.[1] ?? newTraceId()
}

const logRequest = (request: Request, reply: Reply): void => {
  const route = routeOf(request)
  if (QUIET.has(route)) return
  const level = reply.statusCode >= 400 || request.method !== 'GET' ? 'info' : 'debug'
  // Neither query nor headers nor body: any of them may hold what a log must not.
  request.log[level](
    {
      event: 'http_request',
      method: request.method,
      route,
      status: reply.statusCode,
      duration_s: Number((reply.elapsedTime / 1000).toFixed(6)),
      trace_id: request.state.traceId,
      principal: request.state.principal?.id,
    },
    'request answered',
  )
}

/** Gives every request its ids, its span, its measures and its log line. */
export const observeRequests = (app: App, metrics: Metrics): void => {
  const measures = metrics.register(HTTP_METRICS)
  const contexts = new WeakMap<Request, Context>()
  app.decorateRequest('state')

  app.addHook('onRequest', (request, reply, done) => {
    measures.active.inc()
    const parent = extractTrace(request.headers)
    const span = trace.getTracer('tapedeck').startSpan(
      `${request.method} ${routeOf(request)}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          'http.request.method': request.method,
          'http.route': routeOf(request),
          'url.path': request.url.split('?')[0] ?? '',
        },
      },
      parent,
    )
    const traceId = traceIdOf(request, span.spanContext().traceId)
    request.state = { traceId, span, principal: null, idempotency: null }
    reply.header('x-request-id', request.id)
    const own = trace.setSpan(parent, span)
    contexts.set(request, own)
    context.with(own, done)
  })

  // The body arrives in the socket's context, so the request's has to be entered anew after it.
  app.addHook('preValidation', (request, _reply, done) => {
    context.with(contexts.get(request) ?? context.active(), done)
  })

  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('server-timing', `app;dur=${reply.elapsedTime.toFixed(1)}`)
    done(null, payload)
  })

  app.addHook('onResponse', (request, reply, done) => {
    const status = reply.statusCode
    measures.active.dec()
    measures.duration.observe(
      {
        http_request_method: request.method,
        http_route: routeOf(request),
        http_response_status_code: status,
      },
      reply.elapsedTime / 1000,
    )
    if (status >= 400) measures.problems.inc({ status })
    if (reply.getHeader('idempotency-replayed') !== undefined) measures.replayed.inc()
    if (status === 429)
      measures.rateLimited.inc({ policy: request.routeOptions.config.rate ?? 'default' })
    request.state.span?.setAttribute('http.response.status_code', status).end()
    logRequest(request, reply)
    done()
  })
}
