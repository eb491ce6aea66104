import { expect, it } from '@jest/globals'
import { golden, rowsOf, sealed, withService } from '@tapedeck/service-testkit'
import { setupGeneratorService } from '../src/index.ts'
import { projectOutputs } from '../src/ledger/index.ts'

const service = withService(setupGeneratorService)
const TABLES = ['setup_evaluation_ledger', 'signal_ledger'] as const
const kept = (setup_id: string, at: number, signalled: boolean) =>
  golden('setup.evaluated', {
    setup_id,
    at,
    signalled,
    reasons: signalled ? [] : ['MARKET_IN_BALANCE', 'NO_BIAS'],
  })
const OUTPUTS = [
  kept('setup-1', 1_000, false),
  kept('setup-2', 2_000, true),
  kept('setup-3', 2_000, false),
  golden('setup.signal.generated'),
]
const project = async () =>
  await service().db.transaction(
    async (tx) => await projectOutputs(tx, sealed(OUTPUTS), [], () => {}),
  )

it('the same outputs twice leave the same rows, with the first reason', async () => {
  await project()
  const once = await rowsOf(service().db, TABLES)
  await project()
  expect(await rowsOf(service().db, TABLES)).toEqual(once)
  expect(once['setup_evaluation_ledger']).toHaveLength(3)
  expect(once['signal_ledger']).toHaveLength(1)
})

it('pages through the ledger, newest first, without gap or duplicate', async () => {
  const seen: unknown[] = []
  let cursor = ''
  do {
    const { body, status } = await service().call('GET', `/v1/setups?limit=2${cursor}`, {
      role: 'viewer',
    })
    expect(status).toBe(200)
    seen.push(...body.data!.map((row) => row['setup_id']))
    const { next_cursor: next } = body['page'] as { next_cursor: string | null }
    cursor = next === null ? '' : `&cursor=${next}`
  } while (cursor !== '')
  expect(seen).toEqual(['setup-3', 'setup-2', 'setup-1'])
})

it.each([
  ['signalled=true', ['setup-2']],
  ['signalled=false', ['setup-3', 'setup-1']],
  ['grade=A&to=2000', ['setup-1']],
  ['symbol=ETHUSDT', []],
])('filters setups by %s', async (filter, ids) => {
  const { body } = await service().call('GET', `/v1/setups?${filter}`)
  expect(body.data!.map((row) => row['setup_id'])).toEqual(ids)
})

it('says why a setup was not signalled, and lists signals', async () => {
  const setups = await service().call('GET', '/v1/setups?signalled=false&limit=1')
  expect(setups.body.data).toMatchObject([{ reason: 'MARKET_IN_BALANCE' }])
  const signals = await service().call('GET', '/v1/signals')
  expect(signals.body.data).toHaveLength(1)
})

it('goes on after features, and after a restart', async () => {
  await service().tell([golden('market.run.started'), golden('orderflow.features')])
  await service().restart()
  await service().tell([golden('orderflow.features')])
  expect((await service().call('GET', '/ready')).status).toBe(200)
})
