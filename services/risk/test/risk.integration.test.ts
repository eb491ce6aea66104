import { describe, expect, it } from '@jest/globals'
import { golden, rowsOf, sealed, withService } from '@tapedeck/service-testkit'
import { riskService } from '../src/index.ts'
import { projectOutputs } from '../src/store.ts'

const service = withService(riskService)
const key = (name: string) => ({ 'idempotency-key': name })
const reason = { reason: 'a test of the brakes' }

it('takes no command before a run has started', async () => {
  const answer = await service().call('POST', '/v1/halt', { body: reason, headers: key('early') })
  expect(answer).toMatchObject({ status: 409, body: { code: 'STATE_CONFLICT' } })
})

describe('in a run', () => {
  it('tells its limits and its trading state at the start', async () => {
    await service().tell([golden('market.run.started')])
    const { body, headers } = await service().call('GET', '/v1/limits')
    expect(body).toMatchObject({ version: 1 })
    expect(headers.get('etag')).toBe('"1"')
    expect(await service().onTape('risk.limits.changed')).toHaveLength(1)
    const session = await service().call('GET', '/v1/session')
    expect(session.body).toMatchObject({ session: null, trading_state: { state: 'HALTED' } })
  })

  it.each([
    ['nobody', null, 401],
    ['a viewer', 'viewer', 403],
    ['a trader', 'trader', 403],
  ] as const)('%s cannot halt', async (_who, role, status) => {
    const answer = await service().call('POST', '/v1/halt', {
      body: reason,
      headers: key(`not-${role}`),
      role,
    })
    expect(answer.status).toBe(status)
  })

  it.each([
    ['without a key', { body: reason }, 400],
    ['without a reason', { body: {}, headers: key('no-reason') }, 422],
    ['with a field too many', { body: { ...reason, force: true }, headers: key('extra') }, 422],
  ] as const)('a halt %s is refused', async (_what, options, status) => {
    expect((await service().call('POST', '/v1/halt', options)).status).toBe(status)
  })

  it('a halt is on the tape once, however often it is sent, and says who and why', async () => {
    const halt = async () =>
      await service().call('POST', '/v1/halt', {
        body: reason,
        headers: key('halt'),
        role: 'operator',
      })
    const first = await halt()
    const again = await halt()
    expect(first.status).toBe(202)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    await service().tell([])
    const commands = await service().onTape('risk.command.received')
    expect(commands.map(({ payload }) => payload)).toMatchObject([
      { command: 'halt', by: 'anna', ...reason },
    ])
    const { body } = await service().call('GET', '/v1/session')
    expect(body['trading_state']).toMatchObject({ state: 'HALTED' })
    expect((await service().call('GET', '/metrics')).body['text']).toContain(
      'tapedeck_trading_halted{account="paper",service="risk"} 1',
    )
  })

  it('changes limits for whoever has read the version in force', async () => {
    const put = async (limits: object, ifMatch?: string) =>
      await service().call('PUT', '/v1/limits', {
        body: { limits },
        ...(ifMatch === undefined ? {} : { headers: { 'if-match': ifMatch } }),
      })
    const { body: before } = await service().call('GET', '/v1/limits')
    const name = Object.keys(before['limits'] as object).find((one) => /max_open/.test(one))!
    expect((await put({ [name]: 2 })).status).toBe(428)
    expect((await put({ [name]: 2 }, '"7"')).status).toBe(412)
    expect((await put({ no_such_limit: 2 }, '"1"')).status).toBeGreaterThanOrEqual(400)
    expect((await put({ [name]: 2 }, '"1"')).status).toBe(202)
    await service().tell([])
    const { body } = await service().call('GET', '/v1/limits')
    expect(body).toMatchObject({ version: 2, limits: { [name]: 2 } })
    expect(
      (await service().call('GET', '/v1/limits', { headers: { 'if-none-match': '"2"' } })).status,
    ).toBe(304)
  })

  it('knows after a restart what it had said, and shows it', async () => {
    await service().restart()
    const { body } = await service().call('GET', '/v1/session')
    expect(body['trading_state']).toMatchObject({ state: 'HALTED' })
    expect((await service().call('GET', '/v1/limits')).body).toMatchObject({ version: 2 })
    expect((await service().call('GET', '/metrics')).body['text']).toContain(
      'tapedeck_trading_halted{account="paper",service="risk"} 1',
    )
    const { limits } = await rowsOf(service().db, ['limits'])
    expect(limits).toHaveLength(2)
  })

  it('judges a signal, and keeps the decision with its checks', async () => {
    await service().tell([golden('setup.signal.generated')])
    await service().restart()
    const { body } = await service().call('GET', '/v1/decisions?limit=10')
    expect(body.data).toMatchObject([{ approved: false, reason: 'TRADING_HALTED' }])
    const other = await service().call('GET', '/v1/decisions?reason=FEED_STALE')
    expect(other.body.data).toEqual([])
  })
})

it('the same outputs twice leave the same rows', async () => {
  const outputs = sealed([
    golden('risk.signal.approved'),
    golden('risk.signal.denied'),
    golden('risk.session.updated'),
    golden('risk.limits.changed', { version: 40 }),
  ])
  const { db } = service()
  const project = async () => await db.transaction(async (tx) => await projectOutputs(tx, outputs))
  const tables = ['decision', 'session', 'limits'] as const
  await project()
  const once = await rowsOf(db, tables)
  await project()
  expect(await rowsOf(db, tables)).toEqual(once)
  expect(once['session']).toHaveLength(1)
})
