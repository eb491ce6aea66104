import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SIGNING_KINDS, signingKeys, type SigningKind } from '../support/signing-keys.ts'
import { TestVenue, until } from '../support/test-venue.ts'
import { loadCcxt, type Ccxt } from './load-ccxt.ts'

const SYMBOL = 'BTC/USDT:USDT'

/** Real addresses, rewritten as they are fetched: nothing else than the venue can be reached. */
const connect = async (venue: TestVenue, kind: SigningKind): Promise<Ccxt> => {
  const Client = await loadCcxt()
  const client = new Client({
    ...signingKeys(venue.venue, kind),
    enableRateLimit: false,
    timeout: 60_000,
    urls: {
      api: {
        ws: {
          future: `${venue.streamUrl}/ws`,
          'ws-api': { future: `${venue.streamUrl}/ws-fapi/v1` },
        },
      },
    },
    options: { fetchCurrencies: false, fetchOpenOrders: { warnWithoutSymbol: false } },
    fetchImplementation: async (url: string, options: RequestInit) => {
      if (!url.startsWith('https://fapi.binance.com/')) throw new Error(`refused ${url}`)
      return await fetch(url.replace('https://fapi.binance.com', venue.restUrl), options)
    },
  })
  await client.loadHttpProxyAgent()
  await client.loadMarkets()
  return client
}

describe('ccxt over the WebSocket API', () => {
  let venue: TestVenue
  let client: Ccxt

  beforeEach(async () => {
    venue = await new TestVenue().start()
  })
  afterEach(async () => {
    await client.close()
    await until(() => venue.venue.connections === 0)
    await venue.stop()
  })

  it.each(SIGNING_KINDS)(
    'with a key of %s: a trade from its beginning to its end',
    async (kind) => {
      client = await connect(venue, kind)
      const rests = await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.01, 59_000, {
        clientOrderId: 'rests-1',
      })
      expect(rests).toMatchObject({ status: 'open', clientOrderId: 'rests-1', price: 59_000 })
      const amended = await client.editOrderWs(rests.id!, SYMBOL, 'limit', 'buy', 0.02, 59_100)
      expect(amended).toMatchObject({ id: rests.id, price: 59_100, amount: 0.02 })
      expect(await client.fetchOrderWs(rests.id!, SYMBOL)).toMatchObject({ status: 'open' })
      expect(await client.cancelOrderWs(rests.id!, SYMBOL)).toMatchObject({ status: 'canceled' })

      const taken = await client.createOrderWs(SYMBOL, 'market', 'buy', 0.01)
      expect(taken).toMatchObject({ status: 'closed', filled: 0.01 })
      const stop = await client.createOrderWs(SYMBOL, 'market', 'sell', 0.01, undefined, {
        stopLossPrice: 59_000,
        reduceOnly: true,
      })
      expect(await client.fetchPositionsWs([SYMBOL])).toMatchObject([
        { symbol: SYMBOL, side: 'long', contracts: 0.01, entryPrice: 60_000.1 },
      ])
      await client.cancelOrderWs(stop.id!, SYMBOL, { trigger: true })
      expect(venue.venue.exchange.openConditionals('main')).toEqual([])
      await client.createOrderWs(SYMBOL, 'market', 'sell', 0.01, undefined, { reduceOnly: true })
      expect(venue.venue.exchange.positions('main')).toEqual([])

      const { USDT } = await client.fetchBalanceWs({ method: 'v2/account.status' })
      const { USDT: overRest } = await client.fetchBalance()
      expect(USDT).toEqual(overRest)
      expect(USDT!.total).toBeLessThan(100_000)
      for (const method of ['v2/account.balance', 'account.balance', 'account.status'])
        expect((await client.fetchBalanceWs({ method }))['USDT']?.total).toBe(USDT!.total)
    },
  )

  it('reads the market', async () => {
    client = await connect(venue, 'HMAC')
    const book = await client.fetchOrderBookWs(SYMBOL, 5)
    expect(book.bids[0]![0]).toBe(59_999.9)
    expect(await client.fetchTickerWs(SYMBOL)).toMatchObject({ ask: 60_000.1 })
    const { last } = await client.fetchTickerWs(SYMBOL, { method: 'ticker.price' })
    expect(last).toBe(60_000)
  })

  it('hears refusals', async () => {
    client = await connect(venue, 'HMAC')
    await expect(client.cancelOrderWs('1', SYMBOL)).rejects.toThrow('-2011')
    await expect(client.createOrderWs(SYMBOL, 'market', 'buy', 100)).rejects.toThrow('-2019')
    // The connection lives, and the next request is answered.
    expect(await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.01, 59_000)).toMatchObject({
      status: 'open',
    })
  })

  it.each(['RSA', 'Ed25519'] as const)('signs its REST requests with %s as well', async (kind) => {
    client = await connect(venue, kind)
    expect(await client.createOrder(SYMBOL, 'market', 'buy', 0.01)).toMatchObject({ filled: 0.01 })
    expect((await client.fetchPositions())[0]).toMatchObject({ contracts: 0.01 })
  })
})
