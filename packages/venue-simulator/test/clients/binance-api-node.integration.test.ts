import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createRequire } from 'node:module'
import { KEYS, TestVenue, until } from '../support/test-venue.ts'

/** What is used of the client: its own types say less than it does. */
type Values = Readonly<Record<string, unknown>>
type Call = (values?: Values) => Promise<unknown>
type Heard = (message: Values) => void
type Name =
  | 'AccountBalance'
  | 'BatchOrders'
  | 'Book'
  | 'CancelAllAlgoOpenOrders'
  | 'CancelBatchOrders'
  | 'CancelOrder'
  | 'Candles'
  | 'GetOpenAlgoOrders'
  | 'IndexPriceCandles'
  | 'Leverage'
  | 'LeverageBracket'
  | 'MarginType'
  | 'MarkPriceCandles'
  | 'OpenOrders'
  | 'Order'
  | 'Ping'
  | 'PositionRisk'
  | 'Prices'
  | 'UpdateOrder'
  | 'UserTrades'
type Client = Readonly<Record<`futures${Name}`, Call>> & {
  readonly ws: {
    readonly futuresUser: (hear: Heard) => Promise<() => Promise<unknown>>
    readonly futuresAggTrades: (symbol: string, hear: Heard) => () => void
    readonly futuresCandles: (symbol: string, interval: string, hear: Heard) => () => void
    readonly futuresDepth: (symbol: string, hear: Heard) => () => void
  }
}

const { default: connect } = createRequire(import.meta.url)('binance-api-node') as {
  default: (options: Values) => Client
}

const symbol = 'BTCUSDT'
const LIMIT = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01' }
const MARKET = { symbol, side: 'BUY', type: 'MARKET', quantity: '0.01', newOrderRespType: 'RESULT' }

describe('the binance-api-node package of npm', () => {
  let venue: TestVenue
  let client: Client

  beforeEach(async () => {
    venue = await new TestVenue().start()
    const { restUrl, streamUrl } = venue
    client = connect({
      apiKey: KEYS.apiKey,
      apiSecret: KEYS.secret,
      httpBase: restUrl,
      httpFutures: restUrl,
      wsFuturesPublic: `${streamUrl}/public/ws`,
      wsFuturesMarket: `${streamUrl}/market/ws`,
      wsFuturesPrivate: `${streamUrl}/private/ws`,
    })
  })
  afterEach(async () => await venue.stop())

  it('reads the market and sets the account up', async () => {
    expect(await client.futuresPing()).toBe(true)
    expect(await client.futuresBook({ symbol, limit: 5 })).toMatchObject({
      asks: { 0: { price: '60000.10', quantity: '1.000' } },
    })
    const candles = [
      await client.futuresCandles({ symbol, interval: '1m' }),
      await client.futuresMarkPriceCandles({ symbol, interval: '1m' }),
      await client.futuresIndexPriceCandles({ pair: symbol, interval: '1m' }),
    ] as Values[][]
    expect(candles.map((rows) => Number(rows.at(-1)!['close']))).toEqual([60_000, 60_000, 60_000])
    expect(await client.futuresPrices()).toEqual({ BTCUSDT: '60000.00', ETHUSDT: '3000.00' })
    expect(await client.futuresLeverage({ symbol, leverage: 10 })).toMatchObject({ leverage: 10 })
    await client.futuresMarginType({ symbol, marginType: 'ISOLATED' })
    expect(await client.futuresAccountBalance()).toMatchObject([{ balance: '100000.00000000' }])
    expect(await client.futuresLeverageBracket({ symbol })).toMatchObject([{ symbol }])
  })

  it('trades: rests, amends, cancels, takes, protects, closes, and reads what became of it', async () => {
    const { orderId } = (await client.futuresOrder({ ...LIMIT, price: '59000' })) as Values
    const change = { symbol, orderId, side: 'BUY', quantity: '0.02', price: '59100' }
    expect(await client.futuresUpdateOrder(change)).toMatchObject({ price: '59100.00' })
    expect(await client.futuresOpenOrders({ symbol })).toMatchObject([{ orderId }])
    expect(await client.futuresCancelOrder({ symbol, orderId })).toMatchObject({
      status: 'CANCELED',
    })
    expect(await client.futuresOrder(MARKET)).toMatchObject({ status: 'FILLED' })
    // It sends what is conditional to the endpoints of conditional orders by itself.
    const exit = { symbol, side: 'SELL', type: 'STOP_MARKET', stopPrice: '59000' }
    expect(await client.futuresOrder({ ...exit, closePosition: 'true' })).toMatchObject({
      algoStatus: 'NEW',
      triggerPrice: '59000.00',
    })
    expect(await client.futuresGetOpenAlgoOrders({ symbol })).toHaveLength(1)
    expect(await client.futuresCancelAllAlgoOpenOrders({ symbol })).toMatchObject({ code: 200 })
    const close = { ...MARKET, side: 'SELL', reduceOnly: 'true' }
    expect(await client.futuresOrder(close)).toMatchObject({ status: 'FILLED' })
    expect(await client.futuresPositionRisk({ symbol })).toMatchObject([{ positionAmt: '0.000' }])
    expect(await client.futuresUserTrades({ symbol })).toHaveLength(2)
  })

  it('places and cancels several at once, and hears refusals with their codes', async () => {
    const orders = ['59000', '58000'].map((price) => Object.assign({ price }, LIMIT))
    const placed = (await client.futuresBatchOrders({
      batchOrders: JSON.stringify(orders),
    })) as Values[]
    expect(placed).toMatchObject([{ status: 'NEW' }, { status: 'NEW' }])
    const orderIdList = JSON.stringify(placed.map(({ orderId }) => orderId))
    expect(await client.futuresCancelBatchOrders({ symbol, orderIdList })).toMatchObject([
      { status: 'CANCELED' },
      { status: 'CANCELED' },
    ])
    await expect(client.futuresOrder({ ...MARKET, quantity: '100' })).rejects.toMatchObject({
      code: -2019,
    })
  })

  it('follows the market and its account by streams', async () => {
    const heard = new Set<unknown>()
    const hear: Heard = (message) => heard.add(message['eventType'])
    const { ws } = client
    const stops: readonly (() => void | Promise<unknown>)[] = [
      ws.futuresAggTrades(symbol, hear),
      ws.futuresCandles(symbol, '1m', hear),
      ws.futuresDepth(symbol, hear),
      await ws.futuresUser(hear),
    ]
    await until(() => venue.venue.connections === 4)
    await client.futuresOrder(MARKET)
    const wanted = ['aggTrade', 'kline', 'depthUpdate', 'ORDER_TRADE_UPDATE', 'ACCOUNT_UPDATE']
    let price = 60_000
    const isAllHeard = (): boolean => {
      venue.quote(symbol, (price += 10))
      return wanted.every((event) => heard.has(event))
    }
    await until(isAllHeard, { what: 'every stream has told', everyMs: 50 })
    for (const stop of stops) void stop()
    await until(() => venue.venue.connections === 0)
    expect(venue.venue.connections).toBe(0)
  })
})
