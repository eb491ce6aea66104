import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { withService } from '@tapedeck/service-testkit'
import { until } from '@tapedeck/test-data'
import { ingestService } from '../src/index.ts'

const filters = [
  { filterType: 'PRICE_FILTER', minPrice: '0.1', maxPrice: '1000000', tickSize: '0.10' },
  { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' },
  { filterType: 'MIN_NOTIONAL', notional: '100' },
]
const listed = (status: string): object => ({
  symbols: [{ symbol: 'BTCUSDT', status, baseAsset: 'BTC', quoteAsset: 'USDT', filters }],
})

/** What the venue says of its instruments, now. */
let answer: () => { readonly status: number; readonly body: string }
const says = (body: object): void => {
  answer = () => ({ status: 200, body: JSON.stringify(body) })
}
const venue = createServer((_request, response) => {
  const { status, body } = answer()
  response.writeHead(status).end(body)
})
let url = ''

beforeAll(async () => {
  answer = () => ({ status: 502, body: '<html>Bad Gateway</html>' })
  await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve))
  const { port } = venue.address() as AddressInfo
  url = `127.0.0.1:${port}`
})
afterAll(() => {
  venue.closeAllConnections()
  venue.close()
})

const service = withService(ingestService, () => ({
  TAPEDECK_SOURCE: 'live',
  TAPEDECK_BINANCE_REST_URL: `http://${url}`,
  TAPEDECK_BINANCE_STREAM_URL: `ws://${url}`,
}))

const untilReady = async (text: RegExp): Promise<void> => {
  const isSaid = async (): Promise<boolean> =>
    text.test(JSON.stringify((await service().call('GET', '/ready', { role: null })).body))
  await until(isSaid, { what: `ingest says ${text}`, everyMs: 50 })
}

const runs = () => service().onTape('market.run.started')

describe('a live market that cannot be had at the start', () => {
  it('is waited for, says why, and is played once it is there', async () => {
    await untilReady(/Bad Gateway/)
    says(listed('PENDING_TRADING'))
    await untilReady(/does not trade BTCUSDT now: PENDING_TRADING/)
    expect(await runs()).toEqual([])
    says(listed('TRADING'))
    await untilReady(/the market can be had again/)
    await until(async () => (await runs()).length > 0, { everyMs: 50 })
    expect((await runs())[0]?.payload).toMatchObject({ kind: 'live' })
  })
})
