import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { KEYS, TestVenue, until } from '../support/test-venue.ts'
import { loadCcxt, type Ccxt } from './load-ccxt.ts'

const SYMBOL = 'BTC/USDT:USDT'
const COMMON = {
  apiKey: KEYS.apiKey,
  secret: KEYS.secret,
  enableRateLimit: false,
  timeout: 60_000,
}
const OPTIONS = {
  fetchCurrencies: false,
  fetchOpenOrders: { warnWithoutSymbol: false },
  // Its timer outlives the client until it fires once in vain: 20 minutes by default.
  listenKeyRefreshRate: 300,
}

const streamsOf = (venue: TestVenue) => ({
  future: `${venue.streamUrl}/ws`,
  'ws-api': { future: `${venue.streamUrl}/ws-fapi/v1` },
})

/** Real addresses, rewritten as they are fetched: nothing else than the venue can be reached. */
const rewriting = async (venue: TestVenue): Promise<Ccxt> => {
  const Client = await loadCcxt()
  return new Client({
    ...COMMON,
    urls: { api: { ws: streamsOf(venue) } },
    options: OPTIONS,
    fetchImplementation: async (url: string, options: RequestInit) => {
      if (!url.startsWith('https://fapi.binance.com/')) throw new Error(`refused ${url}`)
      return await fetch(url.replace('https://fapi.binance.com', venue.restUrl), options)
    },
  })
}

/** Other addresses, and the table of error codes that ccxt finds by address alone. */
const redirected = async (venue: TestVenue): Promise<Ccxt> => {
  const Client = await loadCcxt()
  const versions = ['', 'V2', 'V3'].flatMap((version) =>
    ['fapiPublic', 'fapiPrivate'].map((name) => [
      `${name}${version}`,
      `${venue.restUrl}/fapi/${version === '' ? 'v1' : version.toLowerCase()}`,
    ]),
  )
  const client = new Client({
    ...COMMON,
    urls: {
      api: { ...(Object.fromEntries(versions) as Record<string, string>), ws: streamsOf(venue) },
    },
    options: OPTIONS,
  })
  const { linear } = client.exceptions as { linear: Record<string, object> }
  client.getExceptionsByUrl = (_: string, kind: string) => linear[kind] ?? {}
  return client
}

describe.each([
  ['rewritten addresses', rewriting],
  ['other addresses', redirected],
])('ccxt with %s', (_, connect) => {
  let venue: TestVenue
  let client: Ccxt

  beforeEach(async () => {
    venue = await new TestVenue().start()
    client = await connect(venue)
    await client.loadHttpProxyAgent()
  })
  afterEach(async () => {
    await client.close()
    await venue.stop()
  })

  it('loads the market and reads it', async () => {
    const markets = await client.loadMarkets()
    expect(markets[SYMBOL]).toMatchObject({
      id: 'BTCUSDT',
      linear: true,
      swap: true,
      active: true,
      precision: { amount: 0.001, price: 0.1 },
      limits: { amount: { min: 0.001 }, cost: { min: 100 } },
    })
    expect(Math.abs((await client.fetchTime())! - venue.venue.time)).toBeLessThan(5000)
    const book = await client.fetchOrderBook(SYMBOL)
    expect([book.bids[0]![0], book.asks[0]![0]]).toEqual([59_999.9, 60_000.1])
    expect((await client.fetchTrades(SYMBOL)).at(-1)).toMatchObject({ price: 60_000, amount: 0.01 })
    expect((await client.fetchOHLCV(SYMBOL, '1m')).at(-1)?.slice(1, 5)).toEqual(
      Array(4).fill(60_000),
    )
    expect(await client.fetchFundingRate(SYMBOL)).toMatchObject({
      markPrice: 60_000,
      fundingRate: 0.0001,
    })
    expect(await client.fetchOpenInterest(SYMBOL)).toMatchObject({ openInterestAmount: 0 })
    expect(await client.fetchTicker(SYMBOL)).toMatchObject({ last: 60_000 })
  })

  it('sets the account up', async () => {
    expect(await client.fetchBalance()).toMatchObject({ USDT: { total: 100_000, free: 100_000 } })
    expect(await client.setLeverage(10, SYMBOL)).toMatchObject({ leverage: 10 })
    expect(await client.fetchLeverage(SYMBOL)).toMatchObject({
      longLeverage: 10,
      marginMode: 'cross',
    })
    await client.setMarginMode('isolated', SYMBOL)
    await expect(client.setMarginMode('isolated', SYMBOL)).rejects.toHaveProperty(
      'name',
      'MarginModeAlreadySet',
    )
    expect(await client.fetchPositionMode(SYMBOL)).toMatchObject({ hedged: false })
    expect(await client.fetchTradingFee(SYMBOL)).toMatchObject({ maker: 0.0002, taker: 0.0005 })
    expect(await client.fetchPositions()).toEqual([])
  })

  it('trades: rests, amends, cancels, takes, protects, closes, and reads what became of it', async () => {
    await client.loadMarkets()
    const rests = await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, 59_000, {
      clientOrderId: 'rests-1',
    })
    expect(rests).toMatchObject({ status: 'open', clientOrderId: 'rests-1', price: 59_000 })
    const amended = await client.editOrder(rests.id!, SYMBOL, 'limit', 'buy', 0.02, 59_100)
    expect(amended).toMatchObject({ id: rests.id, price: 59_100, amount: 0.02 })
    expect(await client.fetchOpenOrders()).toMatchObject([{ id: rests.id, price: 59_100 }])
    expect(await client.cancelOrder(rests.id!, SYMBOL)).toMatchObject({ status: 'canceled' })
    expect(await client.fetchOrder(rests.id!, SYMBOL, { clientOrderId: 'rests-1' })).toMatchObject({
      status: 'canceled',
      filled: 0,
    })

    const taken = await client.createOrder(SYMBOL, 'market', 'buy', 0.01)
    expect(taken).toMatchObject({ status: 'closed', filled: 0.01 })
    expect(taken.average).toBeUndefined()
    expect(await client.fetchOrder(taken.id!, SYMBOL)).toMatchObject({ average: 60_000.1 })
    expect(await client.fetchPositions()).toMatchObject([
      { symbol: SYMBOL, side: 'long', contracts: 0.01, entryPrice: 60_000.1 },
    ])

    const stop = await client.createOrder(SYMBOL, 'market', 'sell', 0.01, undefined, {
      stopLossPrice: 59_000,
      reduceOnly: true,
      clientOrderId: 'stop-1',
    })
    const target = await client.createOrder(SYMBOL, 'market', 'sell', 0.01, undefined, {
      takeProfitPrice: 61_000,
      reduceOnly: true,
    })
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
    const open = await client.fetchOpenOrders(SYMBOL, undefined, undefined, { trigger: true })
    expect(open.map(({ id }) => id).toSorted((a, b) => Number(a) - Number(b))).toEqual([
      stop.id,
      target.id,
    ])
    venue.quote('BTCUSDT', 58_900)
    expect(await client.fetchPositions()).toEqual([])
    expect(await client.fetchOrder(stop.id!, SYMBOL, { trigger: true })).toMatchObject({
      clientOrderId: 'stop-1',
      status: 'closed',
    })
    await client.cancelOrder(target.id!, SYMBOL, { trigger: true })
    expect(await client.fetchOpenOrders(SYMBOL, undefined, undefined, { trigger: true })).toEqual(
      [],
    )

    const trades = await client.fetchMyTrades(SYMBOL)
    expect(trades.map(({ side, amount, takerOrMaker }) => [side, amount, takerOrMaker])).toEqual([
      ['buy', 0.01, 'taker'],
      ['sell', 0.01, 'taker'],
    ])
    const income = await client.fetchLedger('USDT')
    expect(new Set(income.map(({ info }) => (info as { incomeType: string }).incomeType))).toEqual(
      new Set(['TRANSFER', 'REALIZED_PNL', 'COMMISSION']),
    )
    const { total } = (await client.fetchBalance())['USDT']!
    const left = income.reduce(
      (sum, { info }) => sum + Number((info as { income: string }).income),
      0,
    )
    expect(total).toBeCloseTo(left, 6)
  })

  it('places and cancels many at once, and clears a symbol', async () => {
    await client.loadMarkets()
    const order = (price: number) => ({
      symbol: SYMBOL,
      type: 'limit' as const,
      side: 'buy' as const,
      amount: 0.01,
      price,
    })
    const made = await client.createOrders([order(59_000), order(59_001), order(1000)])
    expect(made.map(({ status }) => status)).toEqual(['open', 'open', 'rejected'])
    await client.cancelOrders([made[0]!.id!, made[1]!.id!], SYMBOL)
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
    await client.createOrder(SYMBOL, 'limit', 'buy', 0.01, 59_000)
    await client.createOrder(SYMBOL, 'market', 'sell', 0.01, undefined, { stopLossPrice: 59_000 })
    await client.cancelAllOrders(SYMBOL)
    await client.cancelAllOrders(SYMBOL, { trigger: true })
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([])
    expect(await client.fetchOpenOrders(SYMBOL, undefined, undefined, { trigger: true })).toEqual(
      [],
    )
  })

  it.each<[string, (client: Ccxt) => Promise<unknown>, string]>([
    [
      'too little margin',
      async (c) => await c.createOrder(SYMBOL, 'market', 'buy', 100),
      'InsufficientFunds',
    ],
    [
      'a stop that is behind the price',
      async (c) =>
        await c.createOrder(SYMBOL, 'market', 'sell', 0.01, undefined, { stopLossPrice: 61_000 }),
      'OrderImmediatelyFillable',
    ],
    [
      'reduce-only without a position',
      async (c) =>
        await c.createOrder(SYMBOL, 'market', 'sell', 0.01, undefined, { reduceOnly: true }),
      'InvalidOrder',
    ],
    [
      'a maker order that would take',
      async (c) => await c.createOrder(SYMBOL, 'limit', 'buy', 0.01, 60_100, { postOnly: true }),
      'OrderNotFillable',
    ],
    ['an order of nobody', async (c) => await c.cancelOrder('1', SYMBOL), 'OrderNotFound'],
  ])('hears of %s in its own words', async (_name, act, name) => {
    await client.loadMarkets()
    await expect(act(client)).rejects.toHaveProperty('name', name)
  })

  it('follows the market by streams', async () => {
    await client.loadMarkets()
    const heard = Promise.all([
      client.watchTrades(SYMBOL, undefined, undefined, { name: 'aggTrade' }),
      client.watchOHLCV(SYMBOL, '1m'),
      client.watchMarkPrice(SYMBOL),
      client.watchBidsAsks([SYMBOL]),
    ])
    let isDone = false
    void heard.then(() => (isDone = true))
    let book = await client.watchOrderBook(SYMBOL)
    expect(book.bids[0]![0]).toBe(59_999.9)
    for (let price = 60_100; !isDone || book.bids[0]![0] !== price - 0.1; price += 10) {
      venue.quote('BTCUSDT', price)
      const target = price - 0.1
      while (book.bids[0]![0] !== target) book = await client.watchOrderBook(SYMBOL)
      if (isDone) break
    }
    const [trades, bars, mark, tickers] = await heard
    expect(trades.at(-1)!.amount).toBe(0.01)
    expect(bars.at(-1)![5]).toBeGreaterThan(0)
    expect(mark.info).toMatchObject({ e: 'markPriceUpdate', st: 1 })
    expect(tickers[SYMBOL]!.ask! - tickers[SYMBOL]!.bid!).toBeCloseTo(0.2, 6)
  })

  it('follows its account by streams, in order', async () => {
    await client.loadMarkets()
    const raw: Record<string, unknown>[] = []
    const handle = client.handleMessage.bind(client)
    client.handleMessage = (...[socket, message]: Parameters<Ccxt['handleMessage']>) => {
      raw.push(message as Record<string, unknown>)
      handle(socket, message)
    }
    const orders = client.watchOrders(SYMBOL)
    await until(() => venue.venue.connections > 0)
    await client.createOrder(SYMBOL, 'market', 'buy', 0.01)
    await client.createOrder(SYMBOL, 'market', 'sell', 0.01, undefined, {
      stopLossPrice: 59_000,
      reduceOnly: true,
    })
    venue.quote('BTCUSDT', 58_900)
    const seen = () =>
      raw.map(({ e, o, a }) => {
        const { x, X, m } = { ...(o as object), ...(a as object) } as Record<string, string>
        return [e, x, e === 'ALGO_UPDATE' ? X : m]
          .filter((word) => typeof word === 'string')
          .join(' ')
      })
    await until(() => seen().includes('ALGO_UPDATE FINISHED'))
    expect(seen()).toEqual([
      'ORDER_TRADE_UPDATE NEW',
      'TRADE_LITE',
      'ORDER_TRADE_UPDATE TRADE',
      'ACCOUNT_UPDATE ORDER',
      'ALGO_UPDATE NEW',
      'ALGO_UPDATE TRIGGERING',
      'ALGO_UPDATE TRIGGERED',
      'ORDER_TRADE_UPDATE NEW',
      'TRADE_LITE',
      'ORDER_TRADE_UPDATE TRADE',
      'ACCOUNT_UPDATE ORDER',
      'ALGO_UPDATE FINISHED',
    ])
    expect(await orders).toMatchObject([{ symbol: SYMBOL, side: 'buy' }])
  })
})
