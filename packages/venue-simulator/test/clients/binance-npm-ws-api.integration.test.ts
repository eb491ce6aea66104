import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { USDMClient, WebsocketAPIClient } from 'binance'
import { plainDecimals } from '../../src/ws-api/plain-decimals.fixture.ts'
import { SIGNING_KINDS, signingKeys, type SigningKind } from '../support/signing-keys.ts'
import { TestVenue, until } from '../support/test-venue.ts'

const symbol = 'BTCUSDT'

type Message = Readonly<Record<string, unknown>>
type Answer = { readonly status: number; readonly result: Message & readonly Message[] }
/** Its types want words out of lists of its own; what matters is what it does with the words. */
type Calls = Readonly<Record<string, (...values: unknown[]) => Promise<Answer>>>

const quiet = { trace: () => undefined, info: () => undefined, error: () => undefined }

/** Every request takes the time along, in a session too. */
const now = () => ({ timestamp: Date.now() })

describe('the WebSocket API client of the binance package of npm', () => {
  let venue: TestVenue
  let api: WebsocketAPIClient

  beforeEach(async () => {
    venue = await new TestVenue().start()
  })
  afterEach(async () => {
    api.getWSClient().closeAll(true)
    await until(() => venue.venue.connections === 0)
    await venue.stop()
  })

  const connect = (kind: SigningKind): void => {
    const { apiKey, secret } = signingKeys(venue.venue, kind)
    const keys = { api_key: apiKey, api_secret: secret }
    api = new WebsocketAPIClient(
      { ...keys, wsUrl: venue.streamUrl, beautify: false, attachEventListeners: false },
      quiet,
    )
  }
  const result = async (name: string, ...values: unknown[]): Promise<Answer['result']> =>
    plainDecimals((await (api as unknown as Calls)[name]!(...values)).result)

  it.each(SIGNING_KINDS)(
    'with a key of %s: a trade from its beginning to its end',
    async (kind) => {
      connect(kind)
      const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01' }
      const { orderId } = await result('submitNewFuturesOrder', 'usdm', {
        ...limit,
        price: '59000',
        ...now(),
      })
      const id = { symbol, orderId }
      const change = { ...id, side: 'BUY', quantity: '0.02', price: '59100', ...now() }
      expect(await result('modifyFuturesOrder', 'usdm', change)).toMatchObject({ price: '59100' })
      expect(await result('getFuturesOrderStatus', 'usdm', { ...id, ...now() })).toMatchObject({
        status: 'NEW',
      })
      expect(await result('cancelFuturesOrder', 'usdm', { ...id, ...now() })).toMatchObject({
        status: 'CANCELED',
      })

      const market = { symbol, side: 'BUY', type: 'MARKET', quantity: '0.01' }
      await result('submitNewFuturesOrder', 'usdm', { ...market, ...now() })
      const stop = { algoType: 'CONDITIONAL', symbol, side: 'SELL', type: 'STOP_MARKET' }
      const protection = { ...stop, closePosition: 'true', triggerPrice: '59000' }
      const { algoId } = await result('submitNewFuturesAlgoOrder', { ...protection, ...now() })
      expect(await result('cancelFuturesAlgoOrder', { algoId, ...now() })).toMatchObject({
        code: '200',
      })
      await result('submitNewFuturesAlgoOrder', { ...protection, ...now() })
      expect(await result('getFuturesPositionV2', { symbol, ...now() })).toMatchObject([
        { positionAmt: '0.01' },
      ])
      venue.quote(symbol, 58_900)
      expect(await result('getFuturesPosition', 'usdm', { symbol, ...now() })).toMatchObject([
        { positionAmt: '0' },
      ])
      const [balance] = await result('getFuturesAccountBalanceV2', now())
      expect(Number(balance!['balance'])).toBeLessThan(100_000)
      expect(await result('getFuturesAccountBalance', 'usdm', now())).toEqual([balance])
      for (const name of ['getFuturesAccountStatusV2', 'getFuturesAccountStatus'])
        expect(await result(name, ...(name.endsWith('V2') ? [] : ['usdm']), now())).toMatchObject({
          totalWalletBalance: balance!['balance'],
        })
      // In a session nothing is signed after logging on; other keys sign each request.
      expect(venue.record.seen.has('session.logon')).toBe(kind === 'Ed25519')
    },
  )

  it('reads the market and hears refusals with their codes', async () => {
    connect('HMAC')
    expect(await result('getFuturesSymbolPriceTicker', { symbol })).toMatchObject({
      price: '60000',
    })
    expect(await result('getFuturesOrderBook', { symbol, limit: 5 })).toMatchObject({
      asks: { 0: ['60000.1', '1'] },
    })
    await expect(
      result('cancelFuturesOrder', 'usdm', { symbol, orderId: 1, ...now() }),
    ).rejects.toMatchObject({ error: { code: -2011 } })
  })

  it('logs on again after its connection was cut', async () => {
    connect('Ed25519')
    await result('getFuturesAccountBalanceV2', now())
    expect(venue.venue.cutStreams('terminate')).toBe(1)
    await until(() => venue.venue.connections === 1)
    expect(await result('getFuturesAccountBalanceV2', now())).toHaveLength(1)
    expect(venue.record.seen.get('session.logon')).toBe(2)
  })

  it.each(['RSA', 'Ed25519'] as const)('signs its REST requests with %s as well', async (kind) => {
    connect(kind)
    const secret = signingSecret(kind)
    const client = new USDMClient({ ...secret, baseUrl: venue.restUrl, beautifyResponses: false })
    expect(plainDecimals(await client.getBalance())).toMatchObject([{ balance: '100000' }])
    const order = { symbol, side: 'BUY', type: 'MARKET', quantity: 0.01 } as const
    expect(await client.submitNewOrder({ ...order })).toMatchObject({ symbol })
  })
  const signingSecret = (kind: SigningKind) => {
    venue.venue.removeKey('main', `test-key-of-${kind}`)
    const { apiKey, secret } = signingKeys(venue.venue, kind)
    return { api_key: apiKey, api_secret: secret }
  }
})
