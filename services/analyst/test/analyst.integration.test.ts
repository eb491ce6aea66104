import { expect, it } from '@jest/globals'
import { golden, rowsOf, sealed, withService } from '@tapedeck/service-testkit'
import { analystService } from '../src/index.ts'
import { projectOutputs } from '../src/store.ts'

const service = withService(analystService)

it('reviews a closed trade once, and keeps the review through a restart', async () => {
  await service().tell([
    golden('market.run.started'),
    golden('setup.evaluated'),
    golden('risk.signal.approved'),
    golden('execution.order.filled'),
    golden('execution.trade.closed'),
  ])
  await service().restart()
  const written = await service().onTape('analyst.review.written')
  expect(written).toHaveLength(1)
  const trade = written[0]!.payload.trade_id
  const { body } = await service().call('GET', `/v1/reviews?trade_id=${trade}`, { role: 'viewer' })
  expect(body.data).toMatchObject([{ trade_id: trade, review_id: written[0]!.payload.review_id }])
  expect((await service().call('GET', '/v1/reviews?trade_id=another')).body.data).toEqual([])
})

it('the same outputs twice leave the same rows', async () => {
  const { db } = service()
  const outputs = sealed([golden('analyst.review.written')])
  const project = async () => await db.transaction(async (tx) => await projectOutputs(tx, outputs))
  await project()
  const once = await rowsOf(db, ['review'])
  await project()
  expect(await rowsOf(db, ['review'])).toEqual(once)
})
