import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures'
import { plainDecimals } from '../../src/ws-api/plain-decimals.fixture.ts'
import { SIGNING_KINDS, signingKeys, type SigningKind } from '../support/signing-keys.ts'
import { TestVenue, until } from '../support/test-venue.ts'

const symbol = 'BTCUSDT'
const LIMIT = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01 }
const MARKET = { symbol, side: 'BUY', type: 'MARKET', quantity: 0.01 }

type Message = Readonly<Record<string, unknown>>
type Answer = { readonly data: unknown; readonly rateLimits?: readonly Message[] }
/** Its types want words out of lists of its own; what matters is what it does with the words. */
type Calls = Readonly<Record<string, (...values: unknown[]) => Promise<Answer>>>

/** The connector writes what it does to the console unless told otherwise. */
process.env['LOG_LEVEL'] = 'error'

describe("the WebSocket API of Binance's own connector", () => {
  let venue: TestVenue
  let client: DerivativesTradingUsdsFutures
  let close: () => Promise<void>
  let calls: Calls

  beforeEach(async () => {
    venue = await new TestVenue().start()
  })
  afterEach(async () => {
    await close()
    await until(() => venue.venue.connections === 0)
    await venue.stop()
  })

  const connect = async (kind: SigningKind): Promise<void> => {
    const { apiKey, secret } = signingKeys(venue.venue, kind)
    const proof = kind === 'HMAC' ? { apiSecret: secret } : { privateKey: secret }
    client = new DerivativesTradingUsdsFutures({
      configurationRestAPI: { apiKey, ...proof, basePath: venue.restUrl, retries: 0 },
      configurationWebsocketAPI: { apiKey, ...proof, wsURL: `${venue.streamUrl}/ws-fapi/v1` },
    })
    const connection = await client.websocketAPI.connect()
    close = async () => await connection.disconnect()
    calls = connection as unknown as Calls
  }
  const request = async (name: string, ...values: unknown[]): Promise<Answer> =>
    await calls[name]!(...values)
  const one = async (name: string, ...values: unknown[]): Promise<Message> =>
    plainDecimals((await request(name, ...values)).data as Message)
  const list = async (name: string, values?: object): Promise<Message[]> =>
    plainDecimals((await request(name, values)).data as Message[])

  it.each(SIGNING_KINDS)(
    'with a key of %s: a trade from its beginning to its end',
    async (kind) => {
      await connect(kind)
      const rests = { ...LIMIT, price: 59_000, newClientOrderId: 'rests-1' }
      const { data, rateLimits } = await request('newOrder', rests)
      const { orderId } = data as Message
      expect(rateLimits).toMatchObject([
        { rateLimitType: 'REQUEST_WEIGHT' },
        { rateLimitType: 'ORDERS', interval: 'SECOND', count: 1 },
        { rateLimitType: 'ORDERS', interval: 'MINUTE', count: 1 },
      ])
      const id = { symbol, orderId }
      const change = { ...id, side: 'BUY', quantity: 0.02, price: 59_100 }
      expect(await one('modifyOrder', change)).toMatchObject({ price: '59100', origQty: '0.02' })
      expect(await one('queryOrder', id)).toMatchObject({ status: 'NEW', price: '59100' })
      expect(await one('cancelOrder', id)).toMatchObject({ status: 'CANCELED' })

      const taken = await one('newOrder', { ...MARKET, newOrderRespType: 'RESULT' })
      expect(taken).toMatchObject({ status: 'FILLED', executedQty: '0.01' })
      const exit = { algoType: 'CONDITIONAL', symbol, side: 'SELL', closePosition: 'true' }
      await one('newAlgoOrder', { ...exit, type: 'STOP_MARKET', triggerPrice: 59_000 })
      const target = { ...exit, type: 'TAKE_PROFIT_MARKET', triggerPrice: 61_000 }
      const { algoId } = await one('newAlgoOrder', target)
      expect(await one('cancelAlgoOrder', { algoId })).toMatchObject({ code: '200' })
      const held = [{ positionAmt: '0.01', entryPrice: '60000.1' }]
      expect(await list('positionInformation', { symbol })).toMatchObject(held)
      expect(await list('positionInformationV2', { symbol })).toMatchObject(held)
      venue.quote(symbol, 58_900)
      expect(await list('positionInformationV2', { symbol })).toEqual([])

      const [balance] = await list('futuresAccountBalanceV2')
      expect(Number(balance!['balance'])).toBeLessThan(100_000)
      expect(await list('futuresAccountBalance')).toEqual([balance])
      const assets = [{ asset: 'USDT', walletBalance: balance!['balance'] }]
      expect(await one('accountInformation')).toMatchObject({ assets })
      expect(await one('accountInformationV2')).toMatchObject({ assets })
    },
  )

  it('reads the market and keeps a listen key', async () => {
    await connect('HMAC')
    const book = await one('orderBook', { symbol, limit: 5 })
    expect(book).toMatchObject({ bids: { 0: ['59999.9', '1'] } })
    expect(await one('symbolPriceTicker', { symbol })).toMatchObject({ price: '60000' })
    expect(await one('symbolOrderBookTicker', { symbol })).toMatchObject({ askPrice: '60000.1' })
    const { listenKey } = await one('startUserDataStream')
    expect(await one('keepaliveUserDataStream')).toEqual({ listenKey })
    expect(await one('closeUserDataStream')).toEqual({})
  })

  it('logs on with an Ed25519 key', async () => {
    await connect('Ed25519')
    const on = await one('sendSignedMessage', 'session.logon', { apiKey: 'test-key-of-Ed25519' })
    expect(on).toMatchObject({ apiKey: 'test-key-of-Ed25519' })
    const order = { ...LIMIT, price: 59_000, timestamp: Date.now() }
    expect(await one('sendMessage', 'order.place', order)).toMatchObject({ status: 'NEW' })
    expect(await one('sendMessage', 'session.logout')).toMatchObject({ apiKey: null })
  })

  it('hears refusals with their codes', async () => {
    await connect('HMAC')
    await expect(one('cancelOrder', { symbol, orderId: 1 })).rejects.toMatchObject({ code: -2011 })
    await expect(one('newOrder', { ...MARKET, quantity: 100 })).rejects.toMatchObject({
      code: -2019,
    })
    await expect(one('sendMessage', 'order.dance')).rejects.toMatchObject({ code: -5000 })
  })

  it.each(['RSA', 'Ed25519'] as const)('signs its REST requests with %s as well', async (kind) => {
    await connect(kind)
    const rest = client.restAPI as unknown as Readonly<
      Record<string, (values: object) => Promise<{ data: () => Promise<unknown> }>>
    >
    const order = { ...LIMIT, price: 59_000, newClientOrderId: 'over-rest' }
    const answer = await rest['newOrder']!(order)
    expect(await answer.data()).toMatchObject({ status: 'NEW' })
    expect(await one('queryOrder', { symbol, origClientOrderId: 'over-rest' })).toMatchObject({
      status: 'NEW',
    })
  })
})
