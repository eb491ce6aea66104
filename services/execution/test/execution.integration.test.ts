import { describe, expect, it } from '@jest/globals'
import { golden, rowsOf, sealed, withService } from '@tapedeck/service-testkit'
import { executionService } from '../src/index.ts'
import { projectOutputs } from '../src/project-outputs.ts'

const service = withService(executionService)
const key = (name: string) => ({ 'idempotency-key': name })
const body = { reason: 'a test of commands' }

const TABLES = ['order', 'intent', 'fill', 'position', 'trade'] as const
const OUTPUTS = [
  golden('execution.trade.started'),
  golden('execution.order.submitted'),
  golden('execution.order.accepted'),
  golden('execution.order.partially_filled'),
  golden('execution.order.filled'),
  golden('execution.trade.opened'),
  golden('execution.position.changed', { protected: false }),
  golden('execution.trade.closed'),
]
const project = async (messages: Parameters<typeof sealed>[0]) =>
  await service().db.transaction(async (tx) => await projectOutputs(tx, sealed(messages)))
const measures = async () => String((await service().call('GET', '/metrics')).body['text'])

it('takes no command before a run has started', async () => {
  await project([golden('execution.order.submitted')])
  const { client_order_id: id } = golden('execution.order.submitted').payload.order
  const answer = await service().call('POST', `/v1/orders/${id}/cancel`, {
    body,
    headers: key('early'),
  })
  expect(answer).toMatchObject({ status: 409, body: { code: 'STATE_CONFLICT' } })
})

it('the same outputs twice leave the same rows; an intent is written once and stays', async () => {
  await project(OUTPUTS)
  const once = await rowsOf(service().db, TABLES)
  await project(OUTPUTS)
  expect(await rowsOf(service().db, TABLES)).toEqual(once)
  expect(once['intent']).toHaveLength(1)
  expect(once['trade']).toMatchObject([{ status: 'CLOSED' }])
  expect(once['position']).toMatchObject([{ side: 'LONG', protected: false }])
})

describe('in a run', () => {
  it('tells its account at the start', async () => {
    await service().tell([golden('market.run.started')])
    const [account] = await service().onTape('execution.account.updated')
    expect(account?.payload).toMatchObject({ account: 'paper', open_positions: 0 })
  })

  it('shows after a restart which positions of the run stand without a stop', async () => {
    await service().restart()
    expect(await measures()).toMatch(
      /tapedeck_position_unprotected\{account="paper",symbol="BTCUSDT".* 1/,
    )
    expect(await measures()).toMatch(/tapedeck_outbox_pending\{.*\} 0/)
  })

  it.each([
    ['orders', 'client_order_id'],
    ['trades', 'trade_id'],
    ['fills', 'fill_id'],
  ])('lists %s of a run and of a trade', async (path, id) => {
    const { body: all } = await service().call('GET', `/v1/${path}?limit=5`, { role: 'viewer' })
    expect(all.data!.length).toBeGreaterThan(0)
    expect(all.data![0]).toHaveProperty(id)
    const trade = String(all.data![0]!['trade_id'])
    const filtered = await service().call('GET', `/v1/${path}?trade_id=${trade}`)
    expect(filtered.body.data!.length).toBeGreaterThan(0)
    const none = await service().call('GET', `/v1/${path}?trade_id=another`)
    expect(none.body.data).toEqual([])
    expect((await service().call('GET', `/v1/${path}?colour=red`)).status).toBe(422)
  })

  it('shows positions', async () => {
    const { body: positions } = await service().call('GET', '/v1/positions')
    expect(positions.data).toMatchObject([{ symbol: 'BTCUSDT', side: 'LONG' }])
  })

  it('puts a cancel and a close on the tape once, with who and why', async () => {
    const { client_order_id: order, trade_id: trade } =
      golden('execution.order.filled').payload.order
    const cancel = async () =>
      await service().call('POST', `/v1/orders/${order}/cancel`, {
        body,
        headers: key('cancel'),
        role: 'trader',
      })
    expect(await cancel()).toMatchObject({ status: 202 })
    expect((await cancel()).headers.get('idempotency-replayed')).toBe('true')
    const close = await service().call('POST', `/v1/trades/${trade}/close`, {
      body,
      headers: key('close'),
    })
    expect(close.status).toBe(202)
    await service().tell([])
    const commands = await service().onTape('execution.command.received')
    expect(commands.map(({ payload }) => payload)).toMatchObject([
      { command: 'cancel_order', target: order, by: 'anna', ...body },
      { command: 'close_position', target: trade, by: 'anna', ...body },
    ])
    expect(new Set(commands.map(({ seq }) => seq)).size).toBe(2)
  })

  it.each([
    ['an order that is not there', '/v1/orders/nope/cancel', 'trader', 404],
    ['a viewer', '/v1/orders/nope/cancel', 'viewer', 403],
    ['a trade that is not there', '/v1/trades/nope/close', 'trader', 404],
  ] as const)('refuses to command %s', async (what, path, role, status) => {
    const answer = await service().call('POST', path, {
      body,
      headers: key(what.replaceAll(' ', '-')),
      role,
    })
    expect(answer.status).toBe(status)
  })
})
