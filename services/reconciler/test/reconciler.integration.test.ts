import { expect, it } from '@jest/globals'
import { golden, rowsOf, sealed, withService } from '@tapedeck/service-testkit'
import { venueSubject } from '@tapedeck/venue'
import { reconcilerService } from '../src/index.ts'
import { projectOutputs } from '../src/store.ts'

const service = withService(reconcilerService)
const measures = async () => String((await service().call('GET', '/metrics')).body['text'])

const NOTHING = { at: 1, orders: [], positions: [], fills: [], balances: [] }
const ANOTHER_RUN = '11111111-1111-5111-8111-111111111111'
const ORPHAN = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  side: 'LONG',
  quantity: '0.5',
  averagePrice: '60000',
}

it('looks at the start of a run, and says that the books agree', async () => {
  const leave = service().bus.respond(venueSubject('paper'), () =>
    Promise.resolve(new TextEncoder().encode(JSON.stringify(NOTHING))),
  )
  await service().tell([golden('market.run.started')])
  leave()
  const [run] = await service().onTape('reconciler.run.completed')
  expect(run?.payload).toMatchObject({ trigger: 'start', clean: true, findings: 0 })
  const { body } = await service().call('GET', '/v1/runs', { role: 'viewer' })
  expect(body.data).toMatchObject([{ clean: true, account: 'paper' }])
  expect(await measures()).toMatch(
    /tapedeck_reconcile_runs_total\{trigger="start",clean="true".* 1/,
  )
})

it('finds a position that only the venue knows, and asks for its protection', async () => {
  const leave = service().bus.respond(venueSubject('paper'), () =>
    Promise.resolve(new TextEncoder().encode(JSON.stringify({ ...NOTHING, positions: [ORPHAN] }))),
  )
  await service().restart()
  await service().tell([{ ...golden('market.run.started'), run_id: ANOTHER_RUN }])
  leave()
  const findings = await service().onTape('reconciler.finding.detected')
  expect(findings.map(({ payload }) => payload.kind)).toEqual(['ORPHAN_POSITION'])
  const corrections = await service().onTape('reconciler.correction.requested')
  expect(corrections.map(({ payload }) => payload.correction)).toEqual(['PLACE_EMERGENCY_STOP'])
  const { body } = await service().call('GET', '/v1/findings')
  expect(body.data).toMatchObject([{ kind: 'ORPHAN_POSITION' }])
  expect(await measures()).toMatch(
    /tapedeck_reconcile_mismatches_total\{kind="ORPHAN_POSITION".* 1/,
  )
})

it('the same outputs twice leave the same rows', async () => {
  const { db } = service()
  const outputs = sealed([
    golden('reconciler.run.completed'),
    golden('reconciler.finding.detected'),
    golden('reconciler.correction.requested'),
  ])
  const project = async () => await db.transaction(async (tx) => await projectOutputs(tx, outputs))
  await project()
  const once = await rowsOf(db, ['run', 'finding'])
  await project()
  expect(await rowsOf(db, ['run', 'finding'])).toEqual(once)
})
