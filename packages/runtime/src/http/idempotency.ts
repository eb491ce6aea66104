import { createHash } from 'node:crypto'
import { TapedeckError, canonicalJson } from '@tapedeck/contracts'
import type { IdempotentClaim, IdempotentRequest, IdempotentResponse } from '@tapedeck/database'
import { principalOf, type App, type IdempotencyState, type Reply, type Request } from './app.ts'
import type { IdempotencyStore } from './idempotency-store.ts'

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
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    key: keyOf(request),
    fingerprint: createHash('sha256').update(`${path}\n${body}`).digest('hex'),
  }
}

const stateOf = (request: Request): IdempotencyState => {
  const { idempotency } = request.state
  if (idempotency === null) throw new Error('the route does not declare config.idempotency')
  return idempotency
}

/**
 * The claim of this request, for a handler whose route has `idempotency: 'transaction'`: it passes the claim to
 * `completeIdempotent` in the transaction of the effect, and answers with `sendCompleted`.
 */
export const claimOf = (request: Request): IdempotentClaim => stateOf(request).claim

/** Declares that the outside was touched, so that even a failure is kept as the answer to this key. */
export const markSideEffect = (request: Request): void => {
  stateOf(request).sideEffect = true
}

/** An answer as bytes, to be stored before it is sent. */
export const jsonResponse = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): IdempotentResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: Buffer.from(JSON.stringify(body)),
})

const send = (reply: Reply, { status, headers, body }: IdempotentResponse): Reply =>
  reply
    .headers(headers)
    .code(status)
    .send(body.length === 0 ? undefined : Buffer.from(body))

/** Sends the answer that the handler has stored with `completeIdempotent`. */
export const sendCompleted = (
  request: Request,
  reply: Reply,
  response: IdempotentResponse,
): Reply => {
  stateOf(request).isSettled = true
  return send(reply, response)
}

const responseOf = (reply: Reply, payload: unknown): IdempotentResponse => ({
  status: reply.statusCode,
  headers: Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = reply.getHeader(name)
      return value === undefined ? [] : [[name, String(value)]]
    }),
  ),
  body:
    typeof payload === 'string' || Buffer.isBuffer(payload)
      ? Buffer.from(payload)
      : Buffer.alloc(0),
})

/** Stores an answer, or frees the key when a failure is certain to have changed nothing. */
const settle = async (
  store: IdempotencyStore,
  state: IdempotencyState,
  response: IdempotentResponse,
): Promise<void> => {
  if (response.status >= 500 && !state.sideEffect) await store.abandon(state.claim)
  else await store.complete(state.claim, response)
}

/** Adds the handling of `Idempotency-Key` to routes that declare it. */
export const handleIdempotency = (app: App, store: IdempotencyStore | null): void => {
  app.addHook('onRoute', (route) => {
    if (route.config?.idempotency === undefined) return
    if (route.config.access === 'public')
      throw new TypeError(`Route ${route.url}: idempotency needs a principal, so no public access`)
    if (store === null)
      throw new TypeError(`Route ${route.url}: config.idempotency needs an idempotency store`)
  })

  if (store === null) return

  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.idempotency === undefined) return undefined
    const begun = await store.begin(identify(request))
    if (begun.outcome === 'replay')
      return send(reply.header('idempotency-replayed', 'true'), begun.response)
    request.state.idempotency = { claim: begun.claim, isSettled: false, sideEffect: false }
    return undefined
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const state = (request.state as Request['state'] | null)?.idempotency
    if (!state || state.isSettled) return payload
    state.isSettled = true
    try {
      await settle(store, state, responseOf(reply, payload))
    } catch (error) {
      // The work is done and its answer is true; only the memory of it is late.
      request.log.error({ event: 'idempotency_not_settled', err: error }, 'could not settle a key')
    }
    return payload
  })
}
