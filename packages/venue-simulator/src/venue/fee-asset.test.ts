import { describe, expect, it } from '@jest/globals'
import { stillVenue } from './testing/still-market.ts'
import { VenueClient } from './testing/venue-client.ts'

type Json = Record<string, unknown>

const KEYS = { apiKey: 'key-of-bnb', secret: 'secret-of-bnb' }
const nothing = (): undefined => undefined
const BUY = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' }

describe('an account that pays commissions in BNB', () => {
  it('is told so on the wire: fills, balances, income', () => {
    const { venue } = stillVenue()
    const feeAsset = { asset: 'BNB', balance: '2', price: '600' }
    venue.addAccount({ account: 'bnb', ...KEYS, balance: '100000', feeAsset })
    const client = new VenueClient(venue, KEYS)
    const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
    const heard: Json[] = []
    venue.connect('/private/ws', `listenKey=${listenKey}`, {
      send: (text) => heard.push(JSON.parse(text) as Json),
      ping: nothing,
      pong: nothing,
      close: nothing,
      terminate: nothing,
    })
    client.signed('POST', '/fapi/v1/order', BUY)
    // 0.1 * 60000.1 * 0.05 % * 0.9 / 600
    const fee = 0.00450001
    const trade = heard.find(({ o }) => (o as Json | undefined)?.['x'] === 'TRADE')
    expect(trade?.['o']).toMatchObject({ N: 'BNB' })
    expect(trade?.['o']).toHaveProperty('n', String(fee))
    const updates = heard.flatMap(({ a }) => (a === undefined ? [] : [a as { B: Json[] }]))
    expect(updates[0]?.B.map(({ a, wb }) => [a, Number(wb)])).toEqual([
      ['USDT', 100_000],
      ['BNB', 2 - fee],
    ])
    const rows = (path: string): Json[] =>
      client.signed('GET', path, { symbol: 'BTCUSDT' }).json as Json[]
    expect(rows('/fapi/v1/userTrades')).toMatchObject([{ commissionAsset: 'BNB' }])
    expect(rows('/fapi/v1/income').at(-1)).toMatchObject({
      incomeType: 'COMMISSION',
      asset: 'BNB',
    })
    const balances = client.signed('GET', '/fapi/v3/balance').json as Json[]
    expect(balances.map(({ asset, balance }) => [asset, Number(balance)])).toEqual([
      ['USDT', 100_000],
      ['BNB', 2 - fee],
    ])
  })

  it('may turn it off, and on again', () => {
    const { venue } = stillVenue()
    const feeAsset = { asset: 'BNB', balance: '2', price: '600' }
    venue.addAccount({ account: 'bnb', ...KEYS, balance: '100000', feeAsset })
    const client = new VenueClient(venue, KEYS)
    const burns = (): unknown => client.signed('GET', '/fapi/v1/feeBurn').json
    expect(burns()).toEqual({ feeBurn: true })
    expect(client.signed('POST', '/fapi/v1/feeBurn', { feeBurn: 'false' }).status).toBe(200)
    expect(burns()).toEqual({ feeBurn: false })
    client.signed('POST', '/fapi/v1/order', BUY)
    expect(venue.exchange.tradesOf('bnb')).toMatchObject([{ commissionAsset: 'USDT' }])
    expect(client.signed('POST', '/fapi/v1/feeBurn', { feeBurn: 'true' }).status).toBe(200)
    expect(burns()).toEqual({ feeBurn: true })
  })

  it('is opened by the control interface, or refused', () => {
    const { venue } = stillVenue()
    const open = (feeAsset: unknown): number =>
      venue.control({
        method: 'POST',
        path: '/sim/v1/accounts',
        query: '',
        body: JSON.stringify({
          account: 'bnb',
          api_key: 'k2',
          secret: 's2',
          balance: '10',
          fee_asset: feeAsset,
        }),
        headers: { 'content-type': 'application/json' },
        remote: 'test',
      }).status
    expect(open({ asset: 'BNB', balance: '1' })).toBe(400)
    expect(open({ asset: 'USDT', balance: '1', price: '600' })).toBe(400)
    expect(venue.exchange.hasAccount('bnb')).toBe(false)
    expect(open({ asset: 'BNB', balance: '1', price: '600' })).toBe(200)
    expect(venue.exchange.account('bnb')?.feeAsset).toMatchObject({ walletBalance: '1' })
  })
})
