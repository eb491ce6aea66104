import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures'
import { KEYS, TestVenue, until } from '../support/test-venue.ts'

const symbol = 'BTCUSDT'
const LIMIT = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01 }
const MARKET = { symbol, side: 'BUY', type: 'MARKET', quantity: 0.01 }

type Message = Readonly<Record<string, unknown>>
type Answer = { readonly rateLimits?: unknown; data: () => Promise<unknown> }
/** Its types want words out of lists of its own; what matters is what it does with the words. */
type Calls = Readonly<Record<string, (values?: object) => Promise<Answer>>>
type Streams = Readonly<
  Record<
    string,
    (values: object | string) => { on(event: string, told: (message: Message) => void): void }
  >
>

/** The connector writes what it does to the console unless told otherwise. */
process.env['LOG_LEVEL'] = 'error'

describe("Binance's own connector", () => {
  let venue: TestVenue
  let client: DerivativesTradingUsdsFutures

  beforeEach(async () => {
    venue = await new TestVenue().start()
    client = new DerivativesTradingUsdsFutures({
      configurationRestAPI: {
        apiKey: KEYS.apiKey,
        apiSecret: KEYS.secret,
        basePath: venue.restUrl,
        retries: 0,
      },
      configurationWebsocketStreams: { wsURL: venue.streamUrl },
    })
  })
  afterEach(async () => await venue.stop())

  const request = async (name: string, values: object = {}): Promise<Answer> =>
    await (client.restAPI as unknown as Calls)[name]!(values)
  const one = async (name: string, values?: object): Promise<Message> =>
    (await (await request(name, values)).data()) as Message
  const list = async (name: string, values?: object): Promise<Message[]> =>
    (await (await request(name, values)).data()) as Message[]

  it('reads the market', async () => {
    await one('testConnectivity')
    const { symbols } = await one('exchangeInformation')
    expect(symbols).toMatchObject([{ symbol: 'BTCUSDT' }, { symbol: 'ETHUSDT' }])
    const { data, rateLimits } = await request('orderBook', { symbol, limit: 5 })
    expect(await data()).toMatchObject({ bids: { 0: ['59999.90', '1.000'] } })
    expect(rateLimits).toMatchObject([{ rateLimitType: 'REQUEST_WEIGHT' }])
    // Of the book alone where the minute has just turned, of all three otherwise.
    const [{ count }] = rateLimits as readonly [{ readonly count: number }]
    expect([2, 3, 4]).toContain(count)
    const klines = await list('klineCandlestickData', { symbol, interval: '1m' })
    expect(klines.at(-1)).toMatchObject({ 1: '60000.00', 4: '60000.00' })
    expect(await one('markPrice', { symbol })).toMatchObject({ markPrice: '60000.00000000' })
    expect(await list('compressedAggregateTradesList', { symbol })).toHaveLength(1)
    expect(await one('symbolPriceTickerV2', { symbol })).toMatchObject({ price: '60000.00' })
  })

  it('sets up, rests, amends and cancels', async () => {
    expect(await one('changeInitialLeverage', { symbol, leverage: 10 })).toMatchObject({
      leverage: 10,
    })
    expect(await list('futuresAccountBalanceV3')).toMatchObject([{ balance: '100000.00000000' }])
    const id = { symbol, origClientOrderId: 'rests-1' }
    const order = { ...LIMIT, price: 59_000, newClientOrderId: 'rests-1' }
    const { orderId } = await one('newOrder', order)
    const change = { ...id, side: 'BUY', quantity: 0.02, price: 59_100 }
    const amended = { orderId, price: '59100.00', origQty: '0.020' }
    expect(await one('modifyOrder', change)).toMatchObject(amended)
    expect(await list('currentAllOpenOrders', { symbol })).toMatchObject([amended])
    expect(await one('cancelOrder', id)).toMatchObject({ status: 'CANCELED' })
    expect(await one('queryOrder', id)).toMatchObject({ status: 'CANCELED', avgPrice: '0.00' })
  })

  it('takes, protects, is stopped out, and reads what became of it', async () => {
    const taken = await one('newOrder', { ...MARKET, newOrderRespType: 'RESULT' })
    expect(taken).toMatchObject({ status: 'FILLED', executedQty: '0.010' })
    expect(taken).not.toHaveProperty('avgPrice')
    expect(await list('positionInformationV3', { symbol })).toMatchObject([
      { positionAmt: '0.010', entryPrice: '60000.10' },
    ])
    const exit = { algoType: 'CONDITIONAL', symbol, side: 'SELL', closePosition: 'true' }
    const stop = { ...exit, type: 'STOP_MARKET', triggerPrice: 59_000 }
    const { algoId } = await one('newAlgoOrder', stop)
    await one('newAlgoOrder', { ...exit, type: 'TAKE_PROFIT_MARKET', triggerPrice: 61_000 })
    expect(await list('currentAllAlgoOpenOrders', { symbol })).toHaveLength(2)
    venue.quote(symbol, 58_900)
    expect(await one('queryAlgoOrder', { algoId })).toMatchObject({
      algoStatus: 'FINISHED',
      actualQty: '0.010',
    })
    expect(await list('positionInformationV3', { symbol })).toEqual([])
    await one('cancelAllAlgoOpenOrders', { symbol })
    expect(await list('accountTradeList', { symbol })).toMatchObject([
      { side: 'BUY', qty: '0.010' },
      { side: 'SELL', qty: '0.010' },
    ])
    const types = (await list('getIncomeHistory', { symbol })).map(({ incomeType }) => incomeType)
    expect(types).toEqual(expect.arrayContaining(['COMMISSION', 'REALIZED_PNL']))
  })

  it('places and cancels many at once', async () => {
    const batchOrders = ['59000', '59001', '1'].map((price) =>
      Object.assign({}, LIMIT, { quantity: '0.010', price }),
    )
    const made = await list('placeMultipleOrders', { batchOrders })
    expect(made.map(({ status, code }) => status ?? code)).toEqual(['NEW', 'NEW', -4164])
    const orderIdList = made.slice(0, 2).map(({ orderId }) => orderId)
    expect(await list('cancelMultipleOrders', { symbol, orderIdList })).toMatchObject([
      { status: 'CANCELED' },
      { status: 'CANCELED' },
    ])
  })

  it('hears refusals as its own errors', async () => {
    await expect(one('newOrder', { ...MARKET, type: 'STOP_MARKET' })).rejects.toThrow(/Algo Order/)
    await expect(one('cancelOrder', { symbol, orderId: 1 })).rejects.toThrow(/Unknown order/)
  })

  it('follows the market and its account by streams, in order', async () => {
    const connection = await client.websocketStreams.connect()
    const streams = connection as unknown as Streams
    const heard = new Map<string, Message>()
    const watch = (name: string, values: object): void =>
      streams[name]!(values).on('message', (message) => heard.set(name, message))
    watch('aggregateTradeStreams', { symbol })
    watch('klineCandlestickStreams', { symbol, interval: '1m' })
    watch('markPriceStream', { symbol, updateSpeed: '1s' })
    watch('diffBookDepthStreams', { symbol, updateSpeed: '100ms' })
    watch('individualSymbolBookTickerStreams', { symbol })
    let price = 60_000
    const isAllHeard = (): boolean => {
      venue.quote(symbol, (price += 10))
      return heard.size === 5
    }
    await until(isAllHeard, { what: 'every stream has told', everyMs: 50 })
    expect(heard.get('aggregateTradeStreams')).toMatchObject({ e: 'aggTrade', s: symbol, st: 1 })
    expect(heard.get('diffBookDepthStreams')).toMatchObject({ e: 'depthUpdate', ps: symbol })

    const { listenKey } = await one('startUserDataStream')
    const told: Message[] = []
    const acknowledged = venue.record.seen.get('control')!
    streams['userData']!(String(listenKey)).on('message', (message) => told.push(message))
    await until(() => venue.record.seen.get('control') === acknowledged + 1)
    await one('newOrder', MARKET)
    await until(() => told.length >= 4)
    expect(told.map(({ e, o }) => [e, (o as Message | undefined)?.['x']])).toEqual([
      ['ORDER_TRADE_UPDATE', 'NEW'],
      ['TRADE_LITE', undefined],
      ['ORDER_TRADE_UPDATE', 'TRADE'],
      ['ACCOUNT_UPDATE', undefined],
    ])
    await one('keepaliveUserDataStream')
    await one('closeUserDataStream')
    // It says that it is done a second before it is.
    await connection.disconnect()
    await until(() => venue.venue.connections === 0)
  })
})
