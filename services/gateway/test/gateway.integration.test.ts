import { readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type HttpServer,
  type Principal,
  createAccessTokens,
  createHealth,
  createHttpServer,
  createLogger,
  createMetrics,
  principalOf,
  systemClock,
  tokenAuthenticator,
} from '@tapedeck/runtime'
import { z } from 'zod'
import { type Gateway, SECRET, append, example, withStack } from './with-gateway.ts'

/** A small service with the runtime's own server, which tells what reached it. */
const upstream = (): HttpServer =>
  createHttpServer({
    info: { service: 'risk', version: '1', commit: null, configHash: null },
    logger: createLogger({
      level: 'fatal',
      format: 'json',
      instanceId: 'test',
      environment: 'test',
    }),
    metrics: createMetrics('risk', '1'),
    health: createHealth(systemClock),
    authenticate: tokenAuthenticator(createAccessTokens(SECRET, systemClock)),
    routes: (app) => {
      app.post(
        '/v1/echo',
        {
          config: { access: 'operator' },
          schema: { summary: 'Echo', body: z.any(), querystring: z.any() },
        },
        async (request, reply) =>
          await reply
            .code(201)
            .header('etag', '"7"')
            .header('connection', 'x-private')
            .header('x-private', 'for one hop')
            .send({
              principal: principalOf(request),
              headers: request.headers,
              url: request.url,
              body: request.body,
            }),
      )
      app.get('/v1/large', { config: { access: 'viewer' }, schema: { summary: 'Large' } }, () =>
        'x'.repeat(3_000_000),
      )
    },
  })

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

/** Where nobody listens: a port below all that are given out, and one that fetch does not refuse by itself. */
const CLOSED_URL = 'http://127.0.0.1:2'

let risk: HttpServer
let urls: Record<string, string> = {}
const stack = withStack(() => urls)
/** Takes connections and never answers. */
let mute: Server
let gateway: Gateway

beforeAll(async () => {
  risk = upstream()
  mute = createServer((socket) => socket.on('data', () => socket.destroy()))
  urls = {
    risk: await risk.listen({ host: '127.0.0.1', port: 0 }),
    execution: await listen(mute),
    journal: CLOSED_URL,
  }
  gateway = await stack().start()
}, 300_000)

afterAll(async () => {
  await risk.close()
  mute.close()
})

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

const call = async (
  method: string,
  path: string,
  {
    key = gateway.key,
    body,
    headers = {},
  }: { key?: string | null; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const response = await fetch(gateway.url + path, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text }
  return { status: response.status, headers: response.headers, body: parsed }
}

describe('the first key', () => {
  it('is in a file that only its owner can read, and comes in as administrator', async () => {
    const file = join(stack().folder, 'operator-key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { status, body } = await call('GET', '/v1/me')
    expect([status, body['role'], body['kind']]).toEqual([200, 'admin', 'api_key'])
  })

  it('is made anew, and only one, when two gateways start together with another pepper', async () => {
    const file = join(stack().folder, 'other-key')
    const extra = {
      TAPEDECK_API_KEY_PEPPER: SECRET.slice(1),
      TAPEDECK_FIRST_KEY_FILE: file,
    }
    const both = await Promise.all([stack().start(extra), stack().start(extra)])
    const key = readFileSync(file, 'utf8').trim()
    const response = await fetch(`${both[1].url}/v1/keys`, {
      headers: { authorization: `Bearer ${key}` },
    })
    const { data } = (await response.json()) as { data: { usable: boolean }[] }
    expect(data.map(({ usable }) => usable)).toEqual([true, false])
    await Promise.all(both.map(async (one) => await one.stop()))
  })

  it('is made once: another start leaves it alone', async () => {
    const file = join(stack().folder, 'operator-key')
    const before = readFileSync(file, 'utf8')
    const other = await stack().start()
    await other.stop()
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})

const createKey = async (role: string): Promise<{ key: string; key_id: string }> => {
  const { status, body } = await call('POST', '/v1/keys', {
    body: { name: role, role, expires_in_days: 1 },
  })
  expect(status).toBe(201)
  return body as { key: string; key_id: string }
}

describe('keys', () => {
  it('are created, listed without the key, used and revoked, and their tokens end with them', async () => {
    const { key, key_id } = await createKey('viewer')
    const token = await call('POST', '/v1/tokens', { key })
    const access = token.body['access_token'] as string
    expect(token.status).toBe(201)
    expect((await call('GET', '/v1/me', { key: access })).body).toMatchObject({
      id: `key:${key_id}`,
      role: 'viewer',
      kind: 'token',
    })
    const list = await call('GET', '/v1/keys')
    expect(JSON.stringify(list.body)).not.toContain(key.slice(-40))
    expect(list.body['data']).toContainEqual(expect.objectContaining({ key_id, usable: true }))

    expect((await call('DELETE', `/v1/keys/${key_id}`)).status).toBe(204)
    expect((await call('DELETE', `/v1/keys/${key_id}`)).status).toBe(204)
    expect((await call('GET', '/v1/me', { key })).status).toBe(401)
    expect((await call('GET', '/v1/me', { key: access })).status).toBe(401)
  })

  it('may be narrowed to a lower role by a token, never widened, and a token makes no token', async () => {
    const { key } = await createKey('trader')
    const narrow = await call('POST', '/v1/tokens', {
      key,
      body: { role: 'viewer', ttl_seconds: 60 },
    })
    expect(narrow.body['role']).toBe('viewer')
    const wide = await call('POST', '/v1/tokens', { key, body: { role: 'admin' } })
    expect([wide.status, wide.body['code']]).toEqual([403, 'INSUFFICIENT_ROLE'])
    const again = await call('POST', '/v1/tokens', { key: narrow.body['access_token'] as string })
    expect(again.status).toBe(401)
  })

  it('are for administrators only, and the last of these cannot lock everybody out', async () => {
    const { key } = await createKey('operator')
    expect((await call('GET', '/v1/keys', { key })).status).toBe(403)
    const own = (await call('GET', '/v1/me')).body['id'] as string
    const { status, body } = await call('DELETE', `/v1/keys/${own.slice('key:'.length)}`)
    expect([status, body['code']]).toEqual([409, 'STATE_CONFLICT'])
  })
})

describe('the way to a service', () => {
  it('carries method, query, body and conditions, and a token in place of the credential', async () => {
    const { status, headers, body } = await call('POST', '/api/risk/v1/echo?a=%2F&b=c', {
      body: { x: [1, 'ü'] },
      headers: {
        'if-match': '"3"',
        'idempotency-key': 'k1',
        'x-request-id': 'req-1',
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        'x-forwarded-for': '1.2.3.4',
      },
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ url: '/v1/echo?a=%2F&b=c', body: { x: [1, 'ü'] } })
    expect(body['principal'] as Principal).toMatchObject({ role: 'admin', kind: 'token' })
    const received = body['headers'] as Record<string, string>
    expect(received).toMatchObject({
      'if-match': '"3"',
      'idempotency-key': 'k1',
      'x-request-id': 'req-1',
    })
    expect(received['traceparent']).toContain('a'.repeat(32))
    expect(received['authorization']).not.toContain('tdk_')
    expect(received).not.toHaveProperty('x-forwarded-for')
    expect(headers.get('etag')).toBe('"7"')
    expect(headers.get('x-private')).toBeNull()
    expect(headers.get('x-request-id')).toBe('req-1')
  })

  it('streams what is large, and leaves roles to the service', async () => {
    expect((await call('GET', '/api/risk/v1/large')).body['text']).toHaveLength(3_000_000)
    const viewer = await call('POST', '/v1/tokens', { body: { role: 'viewer' } })
    const { status, body } = await call('POST', '/api/risk/v1/echo', {
      key: viewer.body['access_token'] as string,
      body: {},
    })
    expect([status, body['code']]).toEqual([403, 'INSUFFICIENT_ROLE'])
  })

  it.each([
    [
      'a service that is down',
      'GET',
      '/api/journal/v1/trades',
      502,
      { code: 'UPSTREAM_UNAVAILABLE', service: 'journal', outcome: 'not_sent' },
    ],
    [
      'a service that breaks off a write',
      'POST',
      '/api/execution/v1/x',
      502,
      { code: 'UPSTREAM_UNAVAILABLE', service: 'execution', outcome: 'unknown' },
    ],
    ['a service that does not exist', 'GET', '/api/weather/v1/x', 404, { code: 'NOT_FOUND' }],
    ['what a service has not', 'GET', '/api/risk/v1/nothing', 404, { code: 'NOT_FOUND' }],
    ['what is not for the outside', 'GET', '/api/risk/metrics', 404, { code: 'NOT_FOUND' }],
    ['a way around', 'GET', '/api/risk/v1/..%2f..%2fmetrics', 404, { code: 'NOT_FOUND' }],
  ])('answers for %s', async (_case, method, path, status, problem) => {
    const answer = await call(method, path, method === 'POST' ? { body: {} } : {})
    expect([answer.status, answer.body]).toEqual([status, expect.objectContaining(problem)])
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  it('lets nobody in without a credential, and nothing too large', async () => {
    expect((await call('GET', '/api/risk/v1/large', { key: null })).status).toBe(401)
    const { status, body } = await call('POST', '/api/risk/v1/echo', {
      body: 'x'.repeat(1_100_000),
    })
    expect([status, body['code']]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
  })

  it('shows the description of each service under its own address, and its own', async () => {
    const { body } = await call('GET', '/api/risk/openapi.json', { key: null })
    expect(body).toMatchObject({ openapi: '3.1.1', servers: [{ url: '/api/risk' }] })
    const own = await call('GET', '/openapi.json', { key: null })
    expect(Object.keys(own.body['paths'] as object)).toEqual(
      expect.arrayContaining(['/v1/status', '/v1/stream', '/v1/keys']),
    )
  })
})

describe('preferences', () => {
  it('are kept with versions: a writer who has not read the last one is refused', async () => {
    const path = '/v1/preferences/page.layout'
    expect((await call('GET', path)).body).toEqual({
      key: 'page.layout',
      version: 0,
      value: null,
      updated_at: null,
    })
    const put = async (match: string | null, value: unknown) =>
      await call('PUT', path, {
        body: { value },
        headers: match === null ? {} : { 'if-match': match },
      })
    expect((await put(null, 1)).status).toBe(428)
    expect((await put('"1"', 1)).status).toBe(412)
    expect((await put('"0"', { a: '\u0000' })).status).toBe(422)
    expect((await put('"0"', { a: '\u0001', b: [1] })).body).toMatchObject({ version: 1 })
    const late = await put('"0"', 2)
    expect([late.status, late.body['current_version']]).toEqual([412, 1])
    const [one, two] = await Promise.all([put('"1"', 'x'), put('"1"', 'y')])
    expect(one.status + two.status).toBe(200 + 412)
    expect((await put('*', 'z')).body).toMatchObject({ version: 3, value: 'z' })
    const read = await call('GET', path)
    expect(read.headers.get('etag')).toBe('"3"')
    expect((await call('GET', path, { headers: { 'if-none-match': '"3"' } })).status).toBe(304)
    expect((await put('"3"', 'x'.repeat(17_000))).status).toBe(413)
  })
})

/** The status once the picture has got as far as a position. */
const statusWithPosition = async (): Promise<Record<string, unknown>> => {
  for (let left = 1_500; ; left--) {
    const { body } = await call('GET', '/v1/status')
    if (left === 0 || (body['positions'] as unknown[]).length > 0) return body
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('the status', () => {
  it('tells what is known, and null for what is not', async () => {
    const { status, body } = await call('GET', '/v1/status')
    expect(status).toBe(200)
    expect(body).toMatchObject({ ready: false, run: null, session: null, positions: [], feeds: [] })
    const services = body['services'] as {
      service: string
      ready: boolean | null
      reasons: string[]
    }[]
    const of = (name: string) => services.find(({ service }) => service === name)
    expect(of('risk')).toEqual({ service: 'risk', ready: true, reasons: [] })
    expect(of('gateway')).toMatchObject({ ready: true })
    expect(of('journal')).toMatchObject({
      ready: null,
      reasons: [expect.stringContaining('ECONNREFUSED')],
    })
    expect(of('ingest')).toMatchObject({
      ready: null,
      reasons: [expect.stringContaining('TAPEDECK_SERVICE_URLS')],
    })
  })

  it('follows the tape', async () => {
    const { bus } = stack()
    const trades = example('market.trades')
    await append(bus, [
      example('market.run.started', { kind: 'recording', source: 'a file' }),
      trades,
      example('market.feed.status', {
        channel: 'trades',
        status: 'gap',
        reason: '3 ids are missing',
      }),
      example('setup.evaluated'),
      example('risk.signal.denied'),
      example('risk.session.updated'),
      example('execution.position.changed'),
    ])
    const body = await statusWithPosition()
    const ticks = (trades.payload['price_ticks'] as number[]).at(-1)!
    expect(body['run']).toMatchObject({ kind: 'recording', source: 'a file', ended: null })
    expect(body['feeds']).toEqual([
      expect.objectContaining({
        state: 'fresh',
        behind_ms: null,
        last_price: String(ticks / 10),
        channels: [expect.objectContaining({ status: 'gap', reason: '3 ids are missing' })],
      }),
    ])
    expect(body['counts']).toMatchObject({ 'market.trades': 1, 'risk.signal.denied': 1 })
    expect(body['tape']).toMatchObject({ connection: 'connected', lag: 0 })
    expect((body['setups'] as { boxes: unknown[] }[])[0]?.boxes).toHaveLength(5)
    expect((body['refusals'] as unknown[]).length).toBe(1)
  })
})

it('the page holds no data, runs nothing inline and loads nothing from elsewhere', async () => {
  const page = await fetch(`${gateway.url}/`)
  const html = await page.text()
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(html).not.toMatch(/<script(?![^>]*src=)|style=|\son\w+=|https?:/)
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
  const answers = await Promise.all(
    files.map(async (file) => (await fetch(gateway.url + file)).status),
  )
  expect([...new Set(answers)]).toEqual([200])
})
