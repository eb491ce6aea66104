import { createHash } from 'node:crypto'
import { TapedeckError, canonicalJson } from '@tapedeck/contracts'
import { principalOf, type App, type Reply, type Request } from './app.ts'
import type { IdempotencyStore, IdempotentRequest, StoredResponse } from './idempotency-store.ts'

const KEY_SHAPE = /^[A-Za-z0-9_-]{1,64}$/
const KEPT_HEADERS = ['content-type', 'location', 'etag']

/** The header is a structured-field string, so quoted; bare keys are taken too. */
const keyOf = (request: Request): string => {
  const header = request.headers['idempotency-key']
  if (header === undefined)
    throw new TapedeckError('IDEMPOTENCY_KEY_MISSING', 'The Idempotency-Key header is missing')
  const text = String(header).trim()
  const key =
    text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text
  if (!KEY_SHAPE.test(key))
    throw new TapedeckError('MALFORMED_REQUEST', 'The Idempotency-Key is not valid', {
      details: {
        errors: [
          {
            header: 'Idempotency-Key',
            detail: 'expected 1-64 characters [A-Za-z0-9_-], optionally in double quotes',
            code: 'invalid_format',
          },
        ],
      },
    })
  return key
}

const identify = (request: Request): IdempotentRequest => {
  const path = request.url.split('?')[0] ?? ''
  const body = canonicalJson(request.body ?? null)
  return {
    principal: principalOf(request).id,
    operation: `${request.method} ${request.routeOptions.url ?? ''}`,
    key: keyOf(request),
    fingerprint: createHash('sha256').update(`${path}\n${body}`).digest('hex'),
  }
}

/** Gives the stored answer again, marked as such. */
export const replayResponse = (reply: Reply, response: StoredResponse): Reply =>
  reply
    .headers(response.headers)
    .header('idempotency-replayed', 'true')
    .code(response.status)
    .send(response.body === '' ? undefined : Buffer.from(response.body))

/** The error of a key that cannot be used now. For handlers that keep idempotency themselves. */
export const idempotencyRefused = (state: 'running' | 'reused'): TapedeckError =>
  state === 'running'
    ? new TapedeckError('IDEMPOTENCY_IN_PROGRESS', 'A request with this key is still running')
    : new TapedeckError('IDEMPOTENCY_KEY_REUSED', 'This key belongs to another request')

/** What the shell knows of the request at hand, for a handler whose route has `idempotency: 'handler'`. */
export const idempotentRequestOf = (request: Request): IdempotentRequest => {
  const { idempotency } = request.state
  if (idempotency === null) throw new Error('the route does not declare config.idempotency')
  return idempotency.request
}

/** Declares that the outside was touched, so that even a failure is kept as the answer to this key. */
export const markSideEffect = (request: Request): void => {
  if (request.state.idempotency !== null) request.state.idempotency.sideEffect = true
}

const storedResponse = (reply: Reply, payload: unknown): StoredResponse => ({
  status: reply.statusCode,
  headers: Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = reply.getHeader(name)
      return value === undefined ? [] : [[name, String(value)]]
    }),
  ),
  body: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.toString() : '',
})

/** Adds the handling of `Idempotency-Key` to routes that declare it. */
export const handleIdempotency = (app: App, store: IdempotencyStore | null): void => {
  app.addHook('onRoute', (route) => {
    if (route.config?.idempotency === undefined) return
    if (route.config.access === 'public')
      throw new TypeError(`Route ${route.url}: idempotency needs a principal, so no public access`)
    if (route.config.idempotency === 'around' && store === null)
      throw new TypeError(`Route ${route.url}: idempotency 'around' needs an idempotency store`)
  })

  app.addHook('preHandler', async (request, reply) => {
    const mode = request.routeOptions.config.idempotency
    if (mode === undefined) return undefined
    const identified = identify(request)
    if (mode === 'handler' || store === null) {
      request.state.idempotency = { request: identified, phase: 'handler', sideEffect: false }
      return undefined
    }
    const outcome = await store.begin(identified)
    if (outcome.state === 'finished') return replayResponse(reply, outcome.response)
    if (outcome.state !== 'begun') throw idempotencyRefused(outcome.state)
    request.state.idempotency = { request: identified, phase: 'open', sideEffect: false }
    return undefined
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const state = (request.state as Request['state'] | null)?.idempotency
    if (store === null || state?.phase !== 'open') return payload
    state.phase = 'settled'
    const failed = reply.statusCode >= 500 && !state.sideEffect
    try {
      await (failed
        ? store.abandon(state.request)
        : store.complete(state.request, storedResponse(reply, payload)))
    } catch (error) {
      // The work is done and its answer is true; only the memory of it is late.
      request.log.error({ event: 'idempotency_not_settled', err: error }, 'could not settle a key')
    }
    return payload
  })
}
