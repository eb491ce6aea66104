import { afterEach, describe, expect, it } from '@jest/globals'
import {
  Secret,
  createBinanceVenue,
  type AccountEvent,
  type BinanceVenue,
  type VenueResult,
} from '@tapedeck/venue'
import { KEYS, TestVenue, until } from './support/test-venue.ts'

const valueOf = <T>(result: VenueResult<T>): T => {
  if (result.outcome === 'unknown') throw new Error(result.detail)
  return result.value
}

let server: TestVenue | null = null
let venue: BinanceVenue | null = null
afterEach(async () => {
  await venue?.close()
  await server?.stop()
})

const order = (clientOrderId: string) => ({
  symbol: 'BTCUSDT',
  clientOrderId,
  side: 'BUY' as const,
  type: 'MARKET' as const,
  quantity: '0.01',
  price: null,
  stopPrice: null,
  reduceOnly: false,
})

describe('the Binance adapter over real sockets', () => {
  it('trades: setup, order, stop that triggers, fills on stream and by REST', async () => {
    server = await new TestVenue().start()
    const { restUrl, streamUrl } = server
    venue = await createBinanceVenue({
      network: { restUrl, streamUrl },
      credentials: { apiKey: new Secret(KEYS.apiKey), secret: new Secret(KEYS.secret) },
    })
    const heard: AccountEvent[] = []
    venue.openAccountStream((event) => heard.push(event))
    await until(() => heard.some((event) => event.kind === 'stream' && event.state === 'up'))
    const setup = { symbols: ['BTCUSDT'], leverage: 7, marginType: 'CROSSED' as const }
    expect(valueOf(await venue.prepareAccount(setup))).toEqual({ problems: [] })
    expect(valueOf(await venue.submitOrder(order('entry')))).toMatchObject({ accepted: true })
    expect(
      valueOf(
        await venue.submitOrder({
          ...order('stop'),
          side: 'SELL',
          type: 'STOP_MARKET',
          stopPrice: '59900',
          reduceOnly: true,
        }),
      ),
    ).toMatchObject({ accepted: true })
    server.quote('BTCUSDT', 59_890)
    const fills = () =>
      heard.flatMap((event) => (event.kind === 'order' && event.fill !== null ? [event.fill] : []))
    await until(() => fills().length === 2)
    const asked = valueOf(await venue.fills('BTCUSDT', 0))
    expect(asked).toEqual(fills())
    expect(asked.map(({ clientOrderId }) => clientOrderId)).toEqual(['entry', 'stop'])
    expect(valueOf(await venue.positions(['BTCUSDT']))).toEqual([])
    expect(valueOf(await venue.openOrders(['BTCUSDT']))).toEqual([])
    expect(Math.abs(venue.clockOffsetMs)).toBeLessThan(60_000)
  })

  it('a server that is gone is unknown, and the adapter closes in peace', async () => {
    server = await new TestVenue().start()
    const { restUrl, streamUrl } = server
    venue = await createBinanceVenue({
      network: { restUrl, streamUrl },
      credentials: { apiKey: new Secret(KEYS.apiKey), secret: new Secret(KEYS.secret) },
    })
    valueOf(await venue.serverTime())
    await server.stop()
    expect(await venue.submitOrder(order('lost'))).toMatchObject({ outcome: 'unknown' })
    expect(await venue.findOrder('BTCUSDT', 'lost')).toMatchObject({ outcome: 'unknown' })
  })
})
