import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TapedeckError } from '@tapedeck/contracts'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { z } from 'zod'
import { ROLES, createAccessTokens, tokenAuthenticator, type Role } from '../auth/index.ts'
import { createHealth } from '../lifecycle/index.ts'
import { createLogger } from '../logging/index.ts'
import { createMetrics } from '../metrics/index.ts'
import { systemClock } from '../ports/index.ts'
import { principalOf, type Routes } from './app.ts'
import { requireRole } from './authenticate-requests.ts'
import { createHttpServer, type HttpServer, type HttpServerOptions } from './create-http-server.ts'
import { checkIfMatch, expectedVersion, isNotModified } from './entity-tag.ts'
import { PAGE_QUERY, pageBody, pageSchema } from './pagination.ts'
import { Problem } from './problem.ts'

const SECRET = 'hD3v9QmX2sLk7RpT0wYzB5nCfJ8aGeUi4oVxE6Mr'
const tokens = createAccessTokens(SECRET, systemClock)
const lines: string[] = []
const logger = createLogger({
  level: 'debug',
  format: 'json',
  instanceId: 'i',
  environment: 'test',
  destination: { write: (line: string) => void lines.push(line) },
})
const UNLIMITED = { limit: 1e9, windowMs: 1000 }

const serverOf = (routes: Routes, options: Partial<HttpServerOptions> = {}): HttpServer =>
  createHttpServer({
    info: { service: 'demo', version: '0.1.0', commit: null, configHash: 'abc' },
    logger,
    metrics: createMetrics('demo', '0.1.0'),
    health: createHealth(systemClock),
    authenticate: tokenAuthenticator(tokens),
    ratePolicies: { read: UNLIMITED, write: UNLIMITED, auth: UNLIMITED },
    routes,
    ...options,
  })

const Thing = z.strictObject({
  name: z.string().min(1).max(20),
  price: z.string().regex(/^\d+(\.\d+)?$/, 'expected a decimal'),
  legs: z.array(z.strictObject({ quantity: z.int() })).optional(),
})

const demoRoutes: Routes = (app) => {
  app.post(
    '/v1/things',
    {
      config: { access: 'trader' },
      schema: { summary: 'Make', body: Thing, response: { 200: Thing } },
    },
    (request) => request.body,
  )
  app.get(
    '/v1/things',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'List',
        querystring: z.strictObject({ ...PAGE_QUERY, kind: z.enum(['a', 'b']).optional() }),
        response: { 200: pageSchema(z.object({ limit: z.int() })) },
      },
    },
    (request) => pageBody({ data: [{ limit: request.query.limit }], nextCursor: null }),
  )
  app.get(
    '/v1/things/:id',
    {
      config: { access: 'viewer' },
      schema: { summary: 'Read', params: z.object({ id: z.string().regex(/^\d+$/) }) },
    },
    (request, reply) => {
      if (isNotModified(request, reply, 7)) return reply.send()
      return reply.send({ id: request.params.id })
    },
  )
  app.put(
    '/v1/things/:id',
    { config: { access: 'operator', ifMatch: true }, schema: { summary: 'Replace', body: Thing } },
    (request) => {
      checkIfMatch(request, 7)
      return { ok: true, expected: expectedVersion(request) }
    },
  )
  app.delete(
    '/v1/things/:id',
    { config: { access: 'admin' }, schema: { summary: 'Delete' } },
    (request) => {
      requireRole(request, 'admin')
      return { by: principalOf(request).id }
    },
  )
  app.get('/v1/boom', { config: { access: 'public' }, schema: { summary: 'Fail' } }, () => {
    throw new Error('select * from secrets where password = hunter2')
  })
  app.get('/v1/away', { config: { access: 'public' }, schema: { summary: 'Away' } }, () => {
    throw new TapedeckError('POSTGRES_UNREACHABLE', 'connect ECONNREFUSED 10.0.0.7:5432')
  })
  app.get(
    '/v1/liar',
    {
      config: { access: 'public' },
      schema: { summary: 'Lie', response: { 200: z.object({ n: z.number() }) } },
    },
    () => ({ n: 'text' }) as never,
  )
}

const server = serverOf(demoRoutes)
const bearer = {} as Record<Role, string>
beforeAll(async () => {
  for (const role of ROLES)
    bearer[role] = `Bearer ${(await tokens.mint({ id: `the-${role}`, role })).token}`
  await server.app.ready()
})
afterAll(() => server.close())

const call = async (options: InjectOptions, role: Role | null = 'admin', of = server) => {
  const authorization = role === null ? {} : { authorization: bearer[role] }
  return of.app.inject({ ...options, headers: { ...authorization, ...options.headers } })
}
type Answer = Awaited<ReturnType<typeof call>>

/** Every error is a problem, with the status that it has. */
const problemOf = (answer: Answer): z.infer<typeof Problem> => {
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  const problem = Problem.parse(answer.json())
  expect(problem.status).toBe(answer.statusCode)
  expect(problem.instance).toBe(`urn:tapedeck:request:${String(answer.headers['x-request-id'])}`)
  return problem
}
const good = { name: 'x', price: '1.5' }
const json = { 'content-type': 'application/json' }

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
  it.each(
    routes.flatMap(([needed, options]) => ROLES.map((role) => [role, needed, options] as const)),
  )('%s where %s is needed', async (role, needed, options) => {
    const answer = await call(options, role)
    if (ROLES.indexOf(role) >= ROLES.indexOf(needed)) expect(answer.statusCode).toBe(200)
    else {
      expect(problemOf(answer)).toMatchObject({
        status: 403,
        code: 'INSUFFICIENT_ROLE',
        required_role: needed,
      })
      expect(answer.headers['www-authenticate']).toContain('insufficient_scope')
    }
  })

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

describe('conditional requests', () => {
  const put = (match?: string) =>
    call({
      method: 'PUT',
      url: '/v1/things/1',
      payload: good,
      headers: match === undefined ? {} : { 'if-match': match },
    })

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
    if (status === 412) {
      expect(answer.json()).toMatchObject({ current_version: 7 })
      expect(answer.headers['etag']).toBe('"7"')
    }
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
    if (status === 304) expect(answer.body).toBe('')
  })
})

describe('rates', () => {
  const limited = serverOf(demoRoutes, {
    ratePolicies: {
      read: { limit: 3, windowMs: 3_600_000 },
      auth: { limit: 2, windowMs: 3_600_000 },
    },
  })
  afterAll(() => limited.close())

  it('are held per credential, told in every answer, and not asked of probes', async () => {
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await call({ url: '/v1/things' }, 'viewer', limited))
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 429])
    expect(answers[0]!.headers).toMatchObject({
      'ratelimit-policy': '"read";q=3;w=3600',
      ratelimit: expect.stringMatching(/^"read";r=2;t=\d+$/),
    })
    expect(problemOf(answers[3]!)).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      policy: 'read',
    })
    expect(Number(answers[3]!.headers['retry-after'])).toBeGreaterThan(0)
    expect((await call({ url: '/v1/things' }, 'trader', limited)).statusCode).toBe(200)
    for (let i = 0; i < 9; i++)
      expect((await call({ url: '/live' }, null, limited)).statusCode).toBe(200)
  })

  it('hold guessing of credentials per address', async () => {
    const guess = () =>
      call({ url: '/v1/things', headers: { authorization: 'Bearer guess' } }, null, limited)
    expect([
      (await guess()).statusCode,
      (await guess()).statusCode,
      (await guess()).statusCode,
    ]).toEqual([401, 401, 429])
  })
})

describe('the routes of every service', () => {
  it('tell liveness whatever the checks say, readiness with reasons', async () => {
    const health = createHealth(systemClock)
    const own = serverOf(demoRoutes, { health })
    health.expect('nats')
    health.set('redis', false, 'away')
    health.expect('redis', { critical: false })
    expect((await call({ url: '/live' }, null, own)).statusCode).toBe(200)
    const unready = await call({ url: '/ready' }, null, own)
    expect(problemOf(unready)).toMatchObject({
      status: 503,
      code: 'NOT_READY',
      detail: 'nats: not reported yet',
      ready: false,
    })
    health.set('nats', true, 'connected')
    expect((await call({ url: '/ready' }, null, own)).json()).toMatchObject({
      ready: true,
      checks: [
        { name: 'nats', ok: true, age_ms: expect.any(Number) },
        { name: 'redis', ok: false, critical: false, reason: 'away' },
      ],
    })
    health.drain()
    expect((await call({ url: '/ready' }, null, own)).statusCode).toBe(503)
    expect((await call({ url: '/live' }, null, own)).statusCode).toBe(200)
    expect(problemOf(await call({ url: '/v1/things' }, 'viewer', own))).toMatchObject({
      status: 503,
      code: 'NOT_READY',
    })
    await own.close()
  })

  it('give measures and version', async () => {
    await call({ url: '/v1/things/1' })
    const metrics = await call({ url: '/metrics' }, null)
    expect(metrics.headers['content-type']).toContain('text/plain')
    expect(metrics.body).toMatch(
      /http_server_request_duration_seconds_count\{[^}]*http_route="\/v1\/things\/:id"/,
    )
    expect((await call({ url: '/version' }, null)).json()).toMatchObject({
      service: 'demo',
      version: '0.1.0',
      config_hash: 'abc',
    })
  })

  it('describe themselves as OpenAPI 3.1, with problems, credentials and headers', async () => {
    const document = (await call({ url: '/openapi.json' }, null)).json() as {
      openapi: string
      components: { schemas: Record<string, unknown> }
      paths: Record<
        string,
        Record<
          string,
          {
            security: unknown[]
            parameters?: unknown[]
            responses: Record<string, unknown>
            summary?: string
          }
        >
      >
    }
    expect(document.openapi).toBe('3.1.1')
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/live', '/ready', '/v1/things', '/v1/things/{id}']),
    )
    expect(document.components.schemas['Problem']).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['type', 'trace_id']),
    })
    for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item))) {
      expect(operation.summary).toBeDefined()
      expect(operation.responses['default']).toEqual({ $ref: '#/components/responses/Problem' })
    }
    expect(document.paths['/live']!['get']!.security).toEqual([])
    expect(document.paths['/v1/things']!['post']!.security).toEqual([{ bearer: [] }])
    expect(document.paths['/v1/things/{id}']!['put']!.parameters).toContainEqual({
      $ref: '#/components/parameters/IfMatch',
    })
  })
})

describe('a route', () => {
  const starts = async (routes: Routes) => {
    const own = serverOf(routes)
    await own.app.ready()
  }
  it.each<[string, Routes, string]>([
    [
      'without access',
      (app) => app.get('/x', { schema: { summary: 's' } }, () => ''),
      'config.access',
    ],
    [
      'without summary',
      (app) => app.get('/x', { config: { access: 'viewer' } }, () => ''),
      'schema.summary',
    ],
    [
      'with an open body',
      (app) =>
        app.post(
          '/x',
          {
            config: { access: 'viewer' },
            schema: {
              summary: 's',
              body: z.strictObject({ a: z.array(z.object({ b: z.number() })).optional() }),
            },
          },
          () => '',
        ),
      'z.strictObject',
    ],
    [
      'with an unknown rate policy',
      (app) =>
        app.get(
          '/x',
          { config: { access: 'viewer', rate: 'fast' }, schema: { summary: 's' } },
          () => '',
        ),
      'fast',
    ],
    [
      'idempotent without a store',
      (app) =>
        app.post(
          '/x',
          { config: { access: 'viewer', idempotency: 'around' }, schema: { summary: 's' } },
          () => '',
        ),
      'idempotency store',
    ],
    [
      'idempotent and public',
      (app) =>
        app.post(
          '/x',
          { config: { access: 'public', idempotency: 'around' }, schema: { summary: 's' } },
          () => '',
        ),
      'principal',
    ],
  ])('%s keeps the server from starting', async (_what, routes, words) => {
    await expect(starts(routes)).rejects.toThrow(words)
  })
})

describe('whatever is sent', () => {
  const isAnswered = (answer: Answer): void => {
    expect(answer.statusCode).toBeLessThan(500)
    if (answer.statusCode >= 400) problemOf(answer)
  }

  it('as a body, never makes a 500 and always a problem', async () => {
    const nearMiss = fc.record(
      { name: fc.anything(), price: fc.anything(), legs: fc.anything() },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), nearMiss, fc.object()), async (value) => {
        const payload =
          (JSON.stringify(value, (_key, item: unknown) =>
            typeof item === 'bigint' ? String(item) : item,
          ) as string | undefined) ?? ''
        isAnswered(await call({ method: 'POST', url: '/v1/things', headers: json, payload }))
      }),
      { numRuns: 200 },
    )
  })

  it('as bytes of a body, too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        isAnswered(
          await call({
            method: 'POST',
            url: '/v1/things',
            headers: json,
            payload: Buffer.from(bytes),
          }),
        )
      }),
      { numRuns: 100 },
    )
  })

  it('as method, path, query and headers, too', async () => {
    const text = fc
      .string({ unit: 'binary-ascii', maxLength: 40 })
      .map((value) => value.replaceAll(/[\r\n\0]/g, ''))
    const printable = fc.string({ maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          'GET',
          'HEAD',
          'POST',
          'PUT',
          'PATCH',
          'DELETE',
          'OPTIONS',
          'TRACE',
          'PROPFIND',
        ),
        fc.oneof(
          text.map((part) => `/v1/things/${encodeURI(part)}`),
          fc.webPath(),
          printable.map((part) => `/v1/things?${encodeURI(part)}`),
        ),
        fc.dictionary(
          fc.constantFrom(
            'if-match',
            'if-none-match',
            'authorization',
            'content-type',
            'x-request-id',
            'traceparent',
            'accept',
            'host',
          ),
          printable,
        ),
        async (method, url, headers) => {
          const answer = await call({
            method: method as 'GET',
            url: url === '' ? '/' : url,
            headers,
          })
          expect(answer.statusCode).toBeLessThan(500)
          if (answer.statusCode >= 400 && method !== 'HEAD') problemOf(answer)
        },
      ),
      { numRuns: 300 },
    )
  })
})
