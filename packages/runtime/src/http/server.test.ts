import { afterAll, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { createHealth } from '../lifecycle/index.ts'
import { systemClock } from '../ports/index.ts'
import { callerOf, demoRoutes, problemOf, serverOf } from '../../test/support/demo-server.ts'
import type { Routes } from './app.ts'

const server = serverOf(demoRoutes)
const call = callerOf(server)
afterAll(() => server.close())

interface Operation {
  readonly security: unknown[]
  readonly parameters?: unknown[]
  readonly responses: Record<string, unknown>
  readonly summary?: string
}
interface Document {
  readonly openapi: string
  readonly components: { readonly schemas: Record<string, unknown> }
  readonly paths: Record<string, Record<string, Operation>>
}

describe('rates', () => {
  const limited = serverOf(demoRoutes, {
    ratePolicies: {
      read: { limit: 3, windowMs: 3_600_000 },
      auth: { limit: 2, windowMs: 3_600_000 },
    },
  })
  const ask = callerOf(limited)
  const guess = () => ask({ url: '/v1/things', headers: { authorization: 'Bearer guess' } }, null)
  afterAll(() => limited.close())

  it('are held per credential, told in every answer, and not asked of probes', async () => {
    const answers = []
    for (let i = 0; i < 4; i++) answers.push(await ask({ url: '/v1/things' }, 'viewer'))
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
    expect((await ask({ url: '/v1/things' }, 'trader')).statusCode).toBe(200)
    for (let i = 0; i < 9; i++) expect((await ask({ url: '/live' }, null)).statusCode).toBe(200)
  })

  it('hold guessing of credentials per address', async () => {
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
    const ask = callerOf(own)
    health.expect('nats')
    health.set('redis', false, 'away')
    health.expect('redis', { critical: false })
    expect((await ask({ url: '/live' }, null)).statusCode).toBe(200)
    const unready = await ask({ url: '/ready' }, null)
    expect(problemOf(unready)).toMatchObject({
      status: 503,
      code: 'NOT_READY',
      detail: 'nats: not reported yet',
      ready: false,
    })
    health.set('nats', true, 'connected')
    expect((await ask({ url: '/ready' }, null)).json()).toMatchObject({
      ready: true,
      checks: [
        { name: 'nats', ok: true, age_ms: expect.any(Number) },
        { name: 'redis', ok: false, critical: false, reason: 'away' },
      ],
    })
    health.drain()
    expect((await ask({ url: '/ready' }, null)).statusCode).toBe(503)
    expect((await ask({ url: '/live' }, null)).statusCode).toBe(200)
    expect(problemOf(await ask({ url: '/v1/things' }, 'viewer'))).toMatchObject({
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
    const document = (await call({ url: '/openapi.json' }, null)).json<Document>()
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
    await expect(serverOf(routes).app.ready()).rejects.toThrow(words)
  })
})
