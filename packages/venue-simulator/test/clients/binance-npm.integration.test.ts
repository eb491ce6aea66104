import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { USDMClient, WebsocketClient } from 'binance'
import { KEYS, TestVenue, until } from '../support/test-venue.ts'

const symbol = 'BTCUSDT'
const LIMIT = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01 } as const
const MARKET = { symbol, side: 'BUY', type: 'MARKET', quantity: 0.01 } as const

type Message = Readonly<Record<string, unknown>>

const quiet = { trace: () => undefined, info: () => undefined, error: () => undefined }

/** The client leaves a timer of 50 minutes behind a user stream, and nothing that ends it. */
const startInterval = globalThis.setInterval
globalThis.setInterval = (...given: Parameters<typeof setInterval>) =>
  startInterval(...given).unref()

describe('the binance package of npm', () => {
  let venue: TestVenue
  let client: USDMClient

  beforeEach(async () => {
    venue = await new TestVenue().start()
    client = new USDMClient({
      api_key: KEYS.apiKey,
      api_secret: KEYS.secret,
      baseUrl: venue.restUrl,
      beautifyResponses: false,
    })
  })
  afterEach(async () => await venue.stop())

  it('reads the market and sets the account up', async () => {
    const { symbols } = await client.getExchangeInfo()
    expect(symbols).toMatchObject([{ symbol: 'BTCUSDT' }, { symbol: 'ETHUSDT' }])
    expect((await client.getOrderBook({ symbol, limit: 5 })).asks[0]).toEqual(['60000.10', '1.000'])
    const klines = await client.getKlines({ symbol, interval: '1m' })
    expect(klines.at(-1)).toMatchObject({ 1: '60000.00', 4: '60000.00' })
    expect(await client.getMarkPrice({ symbol })).toMatchObject({ markPrice: '60000.00000000' })
    expect(await client.getBalance()).toMatchObject([{ asset: 'USDT', balance: '100000.00000000' }])
    expect(await client.setLeverage({ symbol, leverage: 10 })).toMatchObject({ leverage: 10 })
    expect(await client.getNotionalAndLeverageBrackets({ symbol })).toMatchObject([{ symbol }])
    expect(await client.getCurrentPositionMode()).toEqual({ dualSidePosition: false })
  })

  it('trades: rests, amends, cancels, takes, protects, closes, and reads what became of it', async () => {
    const { orderId } = await client.submitNewOrder({ ...LIMIT, price: 59_000 })
    const change = { symbol, orderId, side: 'BUY', quantity: 0.02, price: 59_100 } as const
    expect(await client.modifyOrder(change)).toMatchObject({ orderId, price: '59100.00' })
    expect(await client.getAllOpenOrders({ symbol })).toMatchObject([{ orderId }])
    expect(await client.cancelOrder({ symbol, orderId })).toMatchObject({ status: 'CANCELED' })
    expect(await client.submitNewOrder({ ...MARKET, newOrderRespType: 'RESULT' })).toMatchObject({
      status: 'FILLED',
    })
    const exit = { algoType: 'CONDITIONAL', symbol, side: 'SELL', quantity: '0.010' } as const
    const stop = {
      ...exit,
      type: 'STOP_MARKET',
      triggerPrice: '59000',
      reduceOnly: 'true',
    } as const
    const { algoId } = await client.submitNewAlgoOrder({ ...stop })
    const target = { ...stop, type: 'TAKE_PROFIT_MARKET', triggerPrice: '61000' } as const
    const { algoId: other } = await client.submitNewAlgoOrder(target)
    expect(await client.getOpenAlgoOrders({ symbol })).toHaveLength(2)
    venue.quote(symbol, 58_900)
    expect(await client.getAlgoOrder({ algoId })).toMatchObject({ algoStatus: 'FINISHED' })
    expect(await client.cancelAlgoOrder({ algoId: other })).toMatchObject({ code: '200' })
    expect(await client.getPositions({ symbol })).toMatchObject([{ positionAmt: '0.000' }])
    expect(await client.getAccountTrades({ symbol })).toHaveLength(2)
    expect(await client.getIncomeHistory({ symbol })).toHaveLength(3)
  })

  it('hears refusals with their codes', async () => {
    await expect(client.submitNewOrder({ ...MARKET, quantity: 100 })).rejects.toMatchObject({
      code: -2019,
    })
    await expect(client.cancelOrder({ symbol, orderId: 1 })).rejects.toMatchObject({ code: -2011 })
  })

  it('follows the market and its account by streams, in order', async () => {
    const streams = new WebsocketClient(
      {
        api_key: KEYS.apiKey,
        api_secret: KEYS.secret,
        wsUrl: venue.streamUrl,
        restOptions: { baseUrl: venue.restUrl },
        beautify: false,
      },
      quiet,
    )
    const heard: Message[] = []
    streams.on('message', (message) => heard.push(message as unknown as Message))
    const events = (): unknown[] =>
      heard.map(({ e, data }) => e ?? (data as Message | undefined)?.['e'])
    await streams.subscribe(['btcusdt@aggTrade', 'btcusdt@markPrice@1s'], 'usdmMarket')
    await streams.subscribe(['btcusdt@depth@100ms', 'btcusdt@bookTicker'], 'usdmPublic')
    const wanted = ['aggTrade', 'markPriceUpdate', 'depthUpdate', 'bookTicker']
    let price = 60_000
    const isAllHeard = (): boolean => {
      venue.quote(symbol, (price += 10))
      return wanted.every((event) => events().includes(event))
    }
    await until(isAllHeard, { what: 'every stream has told', everyMs: 50 })
    await streams.subscribeUsdFuturesUserDataStream()
    // It may say so before its connection stands.
    await until(() => venue.venue.connections === 3)
    await client.submitNewOrder({ ...MARKET })
    const account = (): unknown[] => events().filter((event) => /^[A-Z_]+$/.test(String(event)))
    await until(() => account().length >= 4)
    expect(account()).toEqual([
      'ORDER_TRADE_UPDATE',
      'TRADE_LITE',
      'ORDER_TRADE_UPDATE',
      'ACCOUNT_UPDATE',
    ])
    await streams.unsubscribeUsdFuturesUserDataStream()
    streams.closeAll(true)
    await until(() => venue.venue.connections === 0)
  })
})
