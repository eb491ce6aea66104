import { describe, expect, it } from '@jest/globals'
import { golden, rowsOf, sealed, withService } from '@tapedeck/service-testkit'
import { orderflowService } from '../src/index.ts'
import { projectOutputs } from '../src/store.ts'

const service = withService(orderflowService)
const ON = 'binance-usdm/BTCUSDT'

it('knows no instrument before a run has named it', async () => {
  for (const path of ['measures', 'footprints', 'profiles'])
    expect(await service().call('GET', `/v1/${path}/${ON}`)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    })
})

describe('in a run', () => {
  it('says so while there was no trade yet', async () => {
    await service().tell([golden('market.run.started')])
    const { status, body } = await service().call('GET', `/v1/measures/${ON}`)
    expect(status).toBe(404)
    expect(body['detail']).toContain('no trade yet')
  })

  it('shows what the prints add up to, for people and tools alike', async () => {
    const first = golden('market.trades')
    const { id, time } = first.payload
    // A grid point is evaluated by the first print past it.
    const later = golden('market.trades', {
      first_id: id[0]! + 4,
      last_id: id[3]! + 4,
      id: id.map((one) => one + 4),
      time: time.map((one) => one + 500),
    })
    await service().tell([first, later])
    const measures = await service().call('GET', `/v1/measures/${ON}`, { role: 'viewer' })
    expect(measures.body).toMatchObject({ price: '60120.5' })
    const footprints = await service().call('GET', `/v1/footprints/${ON}?timeframe=1m&limit=5`)
    expect(footprints.body.data).toHaveLength(1)
    const profile = await service().call('GET', `/v1/profiles/${ON}?period=session`)
    expect(profile.status).toBe(200)
    expect(profile.body).toMatchObject({ volume: '4.874' })
  })

  it.each([
    `/v1/footprints/${ON}?timeframe=2m`,
    `/v1/footprints/${ON}?limit=0`,
    `/v1/profiles/${ON}?period=year`,
  ])('refuses %s', async (path) => {
    expect((await service().call('GET', path)).status).toBe(422)
  })

  it('measures the same after a restart', async () => {
    const before = await service().call('GET', `/v1/measures/${ON}`)
    await service().restart()
    expect((await service().call('GET', `/v1/measures/${ON}`)).body).toEqual(before.body)
  })
})

it('the same outputs twice leave the same rows', async () => {
  const outputs = sealed([
    golden('orderflow.measures'),
    golden('orderflow.features'),
    golden('orderflow.absorption.started'),
    golden('orderflow.absorption.ended'),
    golden('orderflow.trap.confirmed'),
    golden('orderflow.divergence.detected'),
    golden('orderflow.market_state.changed'),
  ])
  const { db } = service()
  const project = async () => await db.transaction(async (tx) => await projectOutputs(tx, outputs))
  await project()
  const once = await rowsOf(db, ['profile', 'detection'])
  await project()
  expect(await rowsOf(db, ['profile', 'detection'])).toEqual(once)
  expect(once['detection']).toHaveLength(5)
})
