import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { KEYS, TestVenue } from '../support/test-venue.ts'
import { loadCcxt, type Ccxt } from './load-ccxt.ts'

const SYMBOL = 'BTC/USDT:USDT'
/** Where ccxt's `binance` has its parts, as paths. */
const PARTS = {
  public: 'api/v3',
  private: 'api/v3',
  sapi: 'sapi/v1',
  sapiV2: 'sapi/v2',
  sapiV3: 'sapi/v3',
  sapiV4: 'sapi/v4',
  dapiPublic: 'dapi/v1',
  dapiPrivate: 'dapi/v1',
  fapiPublic: 'fapi/v1',
  fapiPublicV2: 'fapi/v2',
  fapiPublicV3: 'fapi/v3',
  fapiPrivate: 'fapi/v1',
  fapiPrivateV2: 'fapi/v2',
  fapiPrivateV3: 'fapi/v3',
  fapiData: 'futures/data',
}

/** ccxt's client of the whole venue, as freqtrade uses it: spot, margin and coin-margined too. */
describe('ccxt with nothing but addresses changed', () => {
  const test = new TestVenue()
  let client: Ccxt
  const asked = new Set<string>()

  beforeAll(async () => {
    await test.start()
    const Client = await loadCcxt('binance')
    const urls = Object.entries(PARTS).map(([name, path]) => [name, `${test.restUrl}/${path}`])
    client = new Client({
      apiKey: KEYS.apiKey,
      secret: KEYS.secret,
      enableRateLimit: false,
      urls: { api: Object.fromEntries(urls) as Record<string, string> },
      options: { defaultType: 'swap' },
      // Nothing is rewritten: it is only seen that nothing else is asked.
      fetchImplementation: async (url: string, options: RequestInit) => {
        if (!url.startsWith(test.restUrl)) throw new Error(`refused ${url}`)
        asked.add(new URL(url).pathname)
        return await fetch(url, options)
      },
    })
  })
  afterAll(async () => await test.stop())

  it('loads what is listed on every part of the venue', async () => {
    const markets = await client.loadMarkets()
    expect(Object.keys(markets)).toEqual([SYMBOL, 'ETH/USDT:USDT'])
    expect([...asked].toSorted((one, other) => one.localeCompare(other))).toEqual([
      '/api/v3/exchangeInfo',
      '/dapi/v1/exchangeInfo',
      '/fapi/v1/exchangeInfo',
      '/sapi/v1/capital/config/getall',
      '/sapi/v1/margin/allPairs',
      '/sapi/v1/margin/isolated/allPairs',
    ])
    expect(client.market(SYMBOL).precision).toMatchObject({ price: 0.1, amount: 0.001 })
  })

  it('asks how the venue is, and what prices, funding and open interest were', async () => {
    expect(await client.fetchStatus()).toMatchObject({ status: 'ok' })
    for (const candles of [
      await client.fetchMarkOHLCV(SYMBOL, '1m'),
      await client.fetchIndexOHLCV(SYMBOL, '1m'),
    ])
      // A minute may end meanwhile.
      expect(candles.at(-1)!.slice(1)).toEqual([60_000, 60_000, 60_000, 60_000, 0])
    expect((await client.fetchOpenInterestHistory(SYMBOL, '5m')).length).toBeGreaterThan(0)
  })

  it('trades, and reads its place in the queue of deleveraging', async () => {
    await client.setLeverage(5, SYMBOL)
    const { id } = await client.createOrder(SYMBOL, 'market', 'buy', 0.01)
    expect(await client.fetchOrder(String(id), SYMBOL)).toMatchObject({
      status: 'closed',
      filled: 0.01,
    })
    expect(await client.fetchPositions([SYMBOL])).toMatchObject([{ contracts: 0.01 }])
    expect(await client.fetchPositionsADLRank([SYMBOL])).toMatchObject([{ rank: 1 }])
    expect(await client.fetchMyLiquidations(SYMBOL)).toEqual([])
  })
})
