import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { rowsOf, withService } from '@tapedeck/service-testkit'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'
import { generatedMarket, writeRawRecording } from '@tapedeck/recordings'
import { testInstrument, until } from '@tapedeck/test-data'
import { ingestService } from '../src/index.ts'

const folder = makeTestFolder('ingest-recording')
const file = join(folder, 'a-minute.ws.gz')
const START = Date.UTC(2026, 0, 5, 8)
const instrument = testInstrument()

beforeAll(async () => {
  const market = { instrument, seed: 5, startTime: START, startPrice: '60000' }
  await writeRawRecording(generatedMarket(market, 61_000), { file, instrument })
})
afterAll(() => removeTestFolder(folder))

const service = withService(ingestService, () => ({
  TAPEDECK_SOURCE: 'recording',
  TAPEDECK_SOURCE_FILES: JSON.stringify([file]),
  TAPEDECK_SOURCE_SPEED: 'max',
}))

const run = async () => (await service().call('GET', '/v1/run', { role: 'viewer' })).body
const isOver = async () => !['playing', 'idle'].includes(String((await run())['phase']))
const ended = async () => {
  await until(isOver, { what: 'the recording is over', everyMs: 20 })
  return await run()
}

describe('a recording', () => {
  it('is played to its end, and says what was counted', async () => {
    const played = await ended()
    expect(played).toMatchObject({ phase: 'ended', kind: 'recording', source: 'a-minute.ws.gz' })
    const [started] = await service().onTape('market.run.started')
    const [over] = await service().onTape('market.run.ended')
    expect(started?.run_id).toBe(played['run_id'])
    expect(over?.payload).toMatchObject({ reason: 'source_exhausted', missing: 0, rejected: 0 })
  })

  it('is stored print for print, as it is on the tape', async () => {
    const batches = await service().onTape('market.trades')
    const ids = batches.flatMap(({ payload }) => payload.id)
    const { body } = await service().call(
      'GET',
      `/v1/trades?symbol=BTCUSDT&from=${START}&to=${START + 120_000}&limit=10000`,
    )
    expect(body['complete']).toBe(true)
    expect(body.data!.map((row) => row['id'])).toEqual(ids)
    const half = await service().call(
      'GET',
      `/v1/trades?symbol=BTCUSDT&from=${START}&to=${START + 120_000}&limit=5`,
    )
    expect(half.body).toMatchObject({ complete: false, data: [{}, {}, {}, {}, {}] })
  })

  it('has its bars, newest first', async () => {
    const { body } = await service().call('GET', '/v1/bars?timeframe=15s&symbol=BTCUSDT')
    const times = body.data!.map((row) => Number(row['open_time']))
    expect(times).toEqual([45_000, 30_000, 15_000, 0].map((offset) => START + offset))
    expect((await service().call('GET', '/v1/bars?timeframe=7s')).status).toBe(422)
  })

  it('shows how its feed was', async () => {
    const feeds = await service().call('GET', '/v1/feeds')
    expect(feeds.body).toMatchObject({ phase: 'ended', feeds: { BTCUSDT: { missing: 0 } } })
    const text = String((await service().call('GET', '/metrics')).body['text'])
    const on = '{venue="binance-usdm",symbol="BTCUSDT",service="ingest"}'
    const { trades } = ((await ended())['counts'] as Record<string, { trades: number }>)['BTCUSDT']!
    expect(text).toContain(`tapedeck_trades_ingested_total${on} ${trades}`)
    expect(text).toContain(`tapedeck_feed_up${on} 0`)
    expect(text).toContain(`tapedeck_feed_gap_open${on} 0`)
    expect(text).toMatch(/tapedeck_feed_last_event_timestamp_seconds\{[^}]*\} \d/)
  })

  it('is not played again by a restart', async () => {
    const before = await rowsOf(service().db, ['trade', 'bar'])
    const last = await service().bus.tape.lastSeq()
    await service().restart()
    expect(await ended()).toMatchObject({ phase: 'ended' })
    expect(await service().bus.tape.lastSeq()).toBe(last)
    expect(await rowsOf(service().db, ['trade', 'bar'])).toEqual(before)
  })
})
