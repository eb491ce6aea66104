import assert from 'node:assert/strict'
import { createAccessTokens, tokenAuthenticator, ROLES, type Role } from '../../src/auth/index.ts'
import { TapedeckError } from '@tapedeck/contracts'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { z } from 'zod'
import {
  PAGE_QUERY,
  Problem,
  checkIfMatch,
  createHttpServer,
  expectedVersion,
  isNotModified,
  pageBody,
  pageSchema,
  principalOf,
  requireRole,
  type HttpServer,
  type HttpServerOptions,
  type Routes,
} from '../../src/http/index.ts'
import { createHealth } from '../../src/lifecycle/index.ts'
import { createLogger } from '../../src/logging/index.ts'
import { createMetrics } from '../../src/metrics/index.ts'
import { systemClock } from '../../src/ports/index.ts'

/** Of tests only; long enough and random enough to be taken. */
const SECRET = 'hD3v9QmX2sLk7RpT0wYzB5nCfJ8aGeUi4oVxE6Mr'
const tokens = createAccessTokens(SECRET, systemClock)

/** All that demo servers have logged. */
export const lines: string[] = []
const logger = createLogger({
  level: 'debug',
  format: 'json',
  instanceId: 'i',
  environment: 'test',
  destination: { write: (line: string) => void lines.push(line) },
})
const UNLIMITED = { limit: 1e9, windowMs: 1000 }

/** A server on these routes that does not listen yet. */
export const serverOf = (routes: Routes, options: Partial<HttpServerOptions> = {}): HttpServer =>
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

/** One route of each kind. */
export const demoRoutes: Routes = (app) => {
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

/** The Authorization header of each role. */
export const bearer = Object.fromEntries(
  await Promise.all(
    ROLES.map(async (role) => {
      const { token } = await tokens.mint({ id: `the-${role}`, role })
      return [role, `Bearer ${token}`]
    }),
  ),
) as Record<Role, string>

export type Answer = LightMyRequestResponse

/** Sends requests to one server, as an admin unless told otherwise; null is nobody. */
export const callerOf =
  (server: HttpServer) =>
  (options: InjectOptions, role: Role | null = 'admin'): Promise<Answer> => {
    const authorization = role === null ? {} : { authorization: bearer[role] }
    return server.app.inject({ ...options, headers: { ...authorization, ...options.headers } })
  }

/** The problem that an answer is: of the media type, with the status that it has, about this request. */
export const problemOf = (answer: Answer): z.infer<typeof Problem> => {
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  const problem = Problem.parse(answer.json())
  assert.equal(problem.status, answer.statusCode)
  assert.equal(problem.instance, `urn:tapedeck:request:${String(answer.headers['x-request-id'])}`)
  return problem
}

export const good = { name: 'x', price: '1.5' }
export const json = { 'content-type': 'application/json' }
