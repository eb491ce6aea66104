import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { TapedeckError } from '@tapedeck/contracts'
import {
  completeIdempotent,
  openDatabase,
  provisionService,
  type BaseTables,
  type Database,
} from '@tapedeck/database'
import { withPostgres } from '@tapedeck/testkit'
import { z } from 'zod'
import { until } from '@tapedeck/test-data'
import {
  claimOf,
  jsonResponse,
  markSideEffect,
  postgresIdempotency,
  sendCompleted,
  type HttpServer,
  type Role,
} from '../src/index.ts'
import { callerOf, problemOf, serverOf, type Answer } from './support/demo-server.ts'

const postgres = withPostgres()
let db: Database<BaseTables>
let server: HttpServer
let runs = 0
let gate = Promise.resolve()

const Body = z.strictObject({ name: z.string(), fail: z.enum(['early', 'late', 'no']).optional() })

beforeAll(async () => {
  const { url, schema } = await provisionService({
    adminUrl: postgres().url,
    service: 'journal',
    password: 'a test password',
    migrations: {},
  })
  db = openDatabase({ url, schema, applicationName: 'test', maxConnections: 8 })
  server = serverOf(
    (app) => {
      app.post(
        '/v1/things',
        {
          config: { access: 'trader', idempotency: 'around' },
          schema: { summary: 'Make', body: Body },
        },
        async (request, reply) => {
          runs++
          await gate
          if (request.body.fail === 'late') markSideEffect(request)
          if (request.body.fail === 'no')
            throw new TapedeckError('STATE_CONFLICT', 'not in this state')
          if (request.body.fail !== undefined) throw new Error('boom')
          return reply
            .code(201)
            .header('location', `/v1/things/${runs}`)
            .send({ name: request.body.name, run: runs })
        },
      )
      app.post(
        '/v1/atomic',
        {
          config: { access: 'trader', idempotency: 'transaction' },
          schema: { summary: 'Make in a transaction', body: Body },
        },
        async (request, reply) => {
          runs++
          const response = jsonResponse(201, { run: runs }, { location: `/v1/atomic/${runs}` })
          await db.transaction(async (tx) => {
            await completeIdempotent(tx, claimOf(request), response)
            if (request.body.fail === 'early') throw new Error('rolled back')
          })
          return sendCompleted(request, reply, response)
        },
      )
    },
    { idempotency: postgresIdempotency(db) },
  )
})
afterAll(async () => {
  await server.close()
  await db.close()
})

const post = (
  key: string | null,
  payload: Record<string, unknown> = { name: 'x' },
  { url = '/v1/things', role = 'trader' }: { url?: string; role?: Role } = {},
): Promise<Answer> =>
  callerOf(server)(
    { method: 'POST', url, payload, headers: key === null ? {} : { 'idempotency-key': key } },
    role,
  )

describe('Idempotency-Key', () => {
  it('is required, in quotes or bare, of a certain shape', async () => {
    expect(problemOf(await post(null))).toMatchObject({
      status: 400,
      code: 'IDEMPOTENCY_KEY_MISSING',
    })
    for (const key of ['""', '"', 'a b', 'ü', 'x'.repeat(65), '"a"; q=1', ''])
      expect(problemOf(await post(key)).status).toBe(400)
    expect((await post('"shape-1"')).statusCode).toBe(201)
    expect((await post('shape-1')).headers['idempotency-replayed']).toBe('true')
  })

  it('gives the same answer again, to the byte, and does the work once', async () => {
    const before = runs
    const first = await post('again')
    const second = await post('again')
    expect(runs).toBe(before + 1)
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect([
      second.statusCode,
      second.body,
      second.headers['location'],
      second.headers['content-type'],
    ]).toEqual([
      first.statusCode,
      first.body,
      first.headers['location'],
      first.headers['content-type'],
    ])
  })

  it('of another request is refused; of another caller or route is another', async () => {
    await post('mine')
    expect(problemOf(await post('mine', { name: 'y' }))).toMatchObject({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect((await post('mine', { name: 'y' }, { role: 'admin' })).statusCode).toBe(201)
    expect((await post('mine', { name: 'y' }, { url: '/v1/atomic' })).statusCode).toBe(201)
  })

  it('does not depend on the order of fields', async () => {
    await post('order', { name: 'x', fail: 'no' })
    expect((await post('order', { fail: 'no', name: 'x' })).headers['idempotency-replayed']).toBe(
      'true',
    )
  })

  it('of a request that runs is in progress; then it replays', async () => {
    const held = Promise.withResolvers<void>()
    gate = held.promise
    const before = runs
    const first = post('running')
    await until(() => runs > before, { everyMs: 1 })
    const second = await post('running')
    expect(problemOf(second)).toMatchObject({
      status: 409,
      code: 'IDEMPOTENCY_IN_PROGRESS',
      retryable: true,
    })
    expect(second.headers['retry-after']).toBe('1')
    held.resolve()
    gate = Promise.resolve()
    expect((await first).statusCode).toBe(201)
    expect((await post('running')).headers['idempotency-replayed']).toBe('true')
    expect(runs).toBe(before + 1)
  })

  it('keeps a refusal, frees a failure without effect, keeps one with', async () => {
    expect((await post('no', { name: 'x', fail: 'no' })).statusCode).toBe(409)
    expect((await post('no', { name: 'x', fail: 'no' })).headers['idempotency-replayed']).toBe(
      'true',
    )
    const before = runs
    expect((await post('early', { name: 'x', fail: 'early' })).statusCode).toBe(500)
    expect(
      (await post('early', { name: 'x', fail: 'early' })).headers['idempotency-replayed'],
    ).toBeUndefined()
    expect(runs).toBe(before + 2)
    expect((await post('late', { name: 'x', fail: 'late' })).statusCode).toBe(500)
    const again = await post('late', { name: 'x', fail: 'late' })
    expect([again.statusCode, again.headers['idempotency-replayed']]).toEqual([500, 'true'])
  })

  it('of ten requests at once lets one through', async () => {
    const before = runs
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('burst')))
    expect(runs).toBe(before + 1)
    const statuses = answers.map((answer) => answer.statusCode)
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(0)
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true)
  })

  it('is spent in the transaction of the effect, and free again when that rolls back', async () => {
    const first = await post('tx', { name: 'x' }, { url: '/v1/atomic' })
    const second = await post('tx', { name: 'x' }, { url: '/v1/atomic' })
    expect([first.statusCode, second.statusCode]).toEqual([201, 201])
    expect([second.body, second.headers['location']]).toEqual([
      first.body,
      first.headers['location'],
    ])
    expect(second.headers['idempotency-replayed']).toBe('true')
    const before = runs
    const failing = { name: 'x', fail: 'early' }
    expect((await post('rolled', failing, { url: '/v1/atomic' })).statusCode).toBe(500)
    expect((await post('rolled', failing, { url: '/v1/atomic' })).statusCode).toBe(500)
    expect(runs).toBe(before + 2)
  })

  it('is not spent on a request that is not valid', async () => {
    expect((await post('invalid', { nam: 'x' })).statusCode).toBe(422)
    expect((await post('invalid', { name: 'x' })).statusCode).toBe(201)
  })
})
