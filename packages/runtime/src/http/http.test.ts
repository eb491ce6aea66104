import { afterAll, describe, expect, it } from '@jest/globals'
import type { InjectOptions } from 'fastify'
import { ROLES, type Role } from '../auth/index.ts'
import {
  bearer,
  callerOf,
  demoRoutes,
  good,
  json,
  lines,
  problemOf,
  serverOf,
} from '../../test/support/demo-server.ts'

const server = serverOf(demoRoutes)
const call = callerOf(server)
afterAll(() => server.close())

describe('an error', () => {
  it.each<[string, InjectOptions, number, string]>([
    ['unknown path', { url: '/nope' }, 404, 'NOT_FOUND'],
    ['unknown path with a body', { method: 'POST', url: '/nope', payload: {} }, 404, 'NOT_FOUND'],
    ['known path, other method', { method: 'PATCH', url: '/v1/things' }, 405, 'METHOD_NOT_ALLOWED'],
    ['OPTIONS', { method: 'OPTIONS', url: '/v1/things/3' }, 405, 'METHOD_NOT_ALLOWED'],
    ['bad escape in the URL', { url: '/v1/%E0%A4%A' }, 400, 'MALFORMED_REQUEST'],
    [
      'broken JSON',
      { method: 'POST', url: '/v1/things', headers: json, payload: '{"a' },
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'empty JSON',
      {
        method: 'POST',
        url: '/v1/things',
        headers: { ...json, 'content-length': '0' },
        payload: '',
      },
      400,
      'MALFORMED_REQUEST',
    ],
    [
      '__proto__',
      { method: 'POST', url: '/v1/things', headers: json, payload: '{"__proto__":{"a":1}}' },
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'constructor.prototype',
      {
        method: 'POST',
        url: '/v1/things',
        headers: json,
        payload: '{"constructor":{"prototype":1}}',
      },
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'nested too deep',
      { method: 'POST', url: '/v1/things', headers: json, payload: '['.repeat(500_000) },
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'plain text',
      {
        method: 'POST',
        url: '/v1/things',
        headers: { 'content-type': 'text/plain' },
        payload: 'x',
      },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a form',
      {
        method: 'POST',
        url: '/v1/things',
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
        payload: 'x',
      },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'no content type',
      { method: 'POST', url: '/v1/things', headers: { 'content-type': '' }, payload: 'x' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'too large',
      { method: 'POST', url: '/v1/things', headers: json, payload: `"${'x'.repeat(1024 * 1024)}"` },
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['no body', { method: 'POST', url: '/v1/things' }, 422, 'VALIDATION_FAILED'],
    [
      'JSON that is no object',
      { method: 'POST', url: '/v1/things', headers: json, payload: '7' },
      422,
      'VALIDATION_FAILED',
    ],
    [
      'U+0000 in a body',
      { method: 'POST', url: '/v1/things', headers: json, payload: '{"name":"a\\u0000"}' },
      422,
      'VALIDATION_FAILED',
    ],
    [
      'half of a surrogate pair',
      { method: 'POST', url: '/v1/things', headers: json, payload: '{"name":"\\ud800"}' },
      422,
      'VALIDATION_FAILED',
    ],
    ['U+0000 in a query', { url: '/v1/things?cursor=%00' }, 422, 'VALIDATION_FAILED'],
    ['unknown query field', { url: '/v1/things?limt=5' }, 422, 'VALIDATION_FAILED'],
    ['limit too large', { url: '/v1/things?limit=501' }, 422, 'VALIDATION_FAILED'],
    ['query field twice', { url: '/v1/things?limit=5&limit=6' }, 422, 'VALIDATION_FAILED'],
    [
      'a body where none is taken',
      { method: 'DELETE', url: '/v1/things/1', payload: { a: 1 } },
      422,
      'VALIDATION_FAILED',
    ],
    ['bad path parameter', { url: '/v1/things/x' }, 422, 'VALIDATION_FAILED'],
    ['a bug', { url: '/v1/boom' }, 500, 'INTERNAL'],
    ['an answer that does not fit its schema', { url: '/v1/liar' }, 500, 'INTERNAL'],
    ['an absent server', { url: '/v1/away' }, 503, 'POSTGRES_UNREACHABLE'],
  ])('%s is a problem', async (_what, options, status, code) => {
    const answer = await call(options)
    expect(problemOf(answer)).toMatchObject({ status, code })
  })

  it('names the field whose text could not be kept', async () => {
    const answer = await call({
      method: 'POST',
      url: '/v1/things',
      headers: json,
      payload: '{"name":"fine","legs":[{"note":"a\\u0000b"}]}',
    })
    expect(problemOf(answer).errors).toEqual([
      {
        pointer: '/legs/0/note',
        detail: 'expected text without U+0000 and without halves of surrogate pairs',
        code: 'invalid_text',
      },
    ])
  })

  it('names each field by pointer', async () => {
    const payload = {
      name: '',
      price: 1,
      legs: [{ quantity: 1 }, { quantity: 'x', 'a/b~c': 1 }],
      zz: 1,
    }
    const { errors } = problemOf(await call({ method: 'POST', url: '/v1/things', payload }))
    expect(errors).toEqual([
      { pointer: '/name', detail: expect.any(String), code: 'too_small' },
      { pointer: '/price', detail: expect.any(String), code: 'invalid_type' },
      { pointer: '/legs/1/quantity', detail: expect.any(String), code: 'invalid_type' },
      { pointer: '/legs/1/a~1b~0c', detail: 'unknown field', code: 'unknown_field' },
      { pointer: '/zz', detail: 'unknown field', code: 'unknown_field' },
    ])
  })

  it('of ours tells nothing from inside, and the log holds it', async () => {
    lines.length = 0
    const answer = await call({ url: '/v1/boom' })
    expect(answer.body).not.toContain('hunter2')
    const line = lines
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .find((entry) => entry['event'] === 'request_failed')
    expect(line).toMatchObject({
      level: 'error',
      err: { message: expect.stringContaining('select') },
    })
    const away = await call({ url: '/v1/away' })
    expect(away.body).not.toContain('10.0.0.7')
    expect(problemOf(away)).toMatchObject({ retryable: true, retry_after_ms: 2000 })
    expect(away.headers['retry-after']).toBe('2')
  })

  it('405 lists the methods, 415 the type', async () => {
    expect((await call({ method: 'PATCH', url: '/v1/things/3' })).headers['allow']).toBe(
      'DELETE, GET, HEAD, PUT',
    )
    const answer = await call({
      method: 'POST',
      url: '/v1/things',
      headers: { 'content-type': 'text/plain' },
      payload: 'x',
    })
    expect(answer.headers['accept']).toBe('application/json')
  })
})

describe('an answer', () => {
  it('carries security headers and its ids', async () => {
    const { headers } = await call({ url: '/v1/things', headers: { 'x-request-id': 'my-id.1' } })
    expect(headers).toMatchObject({
      'x-request-id': 'my-id.1',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'server-timing': expect.stringMatching(/^app;dur=/),
    })
    const forged = await call({
      url: '/v1/things',
      headers: { 'x-request-id': 'a b\u007f<script>' },
    })
    expect(forged.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
  })

  it("continues the caller's trace id", async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
    const answer = await call({
      url: '/nope',
      headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    })
    expect(problemOf(answer).trace_id).toBe(trace)
    expect(problemOf(await call({ url: '/nope', headers: { traceparent: 'x' } })).trace_id).toMatch(
      /^[\da-f]{32}$/,
    )
  })

  it('of a read fills in the default page size', async () => {
    expect((await call({ url: '/v1/things' })).json()).toEqual({
      data: [{ limit: 100 }],
      page: { next_cursor: null },
    })
  })

  it('logs no credential, query or body', async () => {
    lines.length = 0
    await call({
      method: 'POST',
      url: '/v1/things?secret=hunter2',
      payload: { ...good, hunter2: 1 },
    })
    const text = lines.join('')
    expect(text).toContain('"event":"http_request"')
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain(bearer.admin.slice(7, 40))
  })
})

const isEnough = (role: Role, needed: Role) => ROLES.indexOf(role) >= ROLES.indexOf(needed)

describe('access', () => {
  const routes: [Role, InjectOptions][] = [
    ['viewer', { url: '/v1/things' }],
    ['trader', { method: 'POST', url: '/v1/things', payload: good }],
    [
      'operator',
      { method: 'PUT', url: '/v1/things/1', payload: good, headers: { 'if-match': '"7"' } },
    ],
    ['admin', { method: 'DELETE', url: '/v1/things/1' }],
  ]
  const pairs = routes.flatMap(([needed, options]) =>
    ROLES.map((role) => ({ role, needed, options })),
  )

  it.each(pairs.filter(({ role, needed }) => isEnough(role, needed)))(
    '$role may do what needs $needed',
    async ({ role, options }) => {
      expect((await call(options, role)).statusCode).toBe(200)
    },
  )

  it.each(pairs.filter(({ role, needed }) => !isEnough(role, needed)))(
    '$role may not do what needs $needed',
    async ({ role, needed, options }) => {
      const answer = await call(options, role)
      expect(problemOf(answer)).toMatchObject({
        status: 403,
        code: 'INSUFFICIENT_ROLE',
        required_role: needed,
      })
      expect(answer.headers['www-authenticate']).toContain('insufficient_scope')
    },
  )

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer a b',
    'Bearer ünsafe',
    `Bearer ${'x'.repeat(5000)}`,
  ])('the header %j admits nobody', async (authorization) => {
    const headers = authorization === undefined ? {} : { authorization }
    const answer = await call({ url: '/v1/things', headers }, null)
    expect(problemOf(answer)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    expect(answer.headers['www-authenticate']).toContain('invalid_token')
  })

  it('is asked for before anything of the request is looked at', async () => {
    const answer = await call(
      { method: 'POST', url: '/v1/things', headers: json, payload: '{"a' },
      null,
    )
    expect(answer.statusCode).toBe(401)
  })
})

const put = (match?: string) =>
  call({
    method: 'PUT',
    url: '/v1/things/1',
    payload: good,
    headers: match === undefined ? {} : { 'if-match': match },
  })

describe('conditional requests', () => {
  it.each<[string | undefined, number, string]>([
    [undefined, 428, 'PRECONDITION_REQUIRED'],
    ['', 428, 'PRECONDITION_REQUIRED'],
    ['"6"', 412, 'PRECONDITION_FAILED'],
    ['W/"7"', 412, 'PRECONDITION_FAILED'],
    ['7', 412, 'PRECONDITION_FAILED'],
    ['"5", "7"', 400, 'MALFORMED_REQUEST'],
  ])('If-Match %j is %i', async (match, status, code) => {
    const answer = await put(match)
    expect(problemOf(answer)).toMatchObject({ status, code })
  })

  it('a mismatch tells the version in force', async () => {
    const answer = await put('"6"')
    expect(answer.json()).toMatchObject({ current_version: 7 })
    expect(answer.headers['etag']).toBe('"7"')
  })

  it('a match is let through, with the version to compare in the transaction', async () => {
    expect((await put('"7"')).json()).toEqual({ ok: true, expected: 7 })
    expect((await put('*')).json()).toEqual({ ok: true, expected: null })
  })

  it.each([
    ['"7"', 304],
    ['W/"7"', 304],
    ['"6", "7"', 304],
    ['*', 304],
    ['"6"', 200],
  ])('If-None-Match %s is %i', async (tag, status) => {
    const answer = await call({ url: '/v1/things/1', headers: { 'if-none-match': tag } })
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['etag']).toBe('"7"')
    expect(answer.body === '').toBe(status === 304)
  })
})
