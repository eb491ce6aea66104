import { describe, expect, it } from '@jest/globals'
import { START, stillVenue } from '../../venue/testing/still-market.ts'
import type { Values } from '../../venue/testing/venue-client.ts'

const { client } = stillVenue()
const ask = (path: string, values: Values) => client.plain('GET', path, values).json

describe('what clients ask when they start', () => {
  it.each<readonly [string, Values, unknown]>([
    ['/api/v3/ping', {}, {}],
    ['/api/v3/time', {}, { serverTime: START }],
    ['/sapi/v1/system/status', {}, { status: 0, msg: 'normal' }],
  ])('%s is answered to anyone', (path, values, answer) => {
    expect(client.plain('GET', path, values).json).toEqual(answer)
  })

  it.each(['/api/v3/exchangeInfo', '/dapi/v1/exchangeInfo', '/sapi/v1/equity/market/exchangeInfo'])(
    '%s lists nothing',
    (path) => {
      expect(client.plain('GET', path).json).toMatchObject({ serverTime: START, symbols: [] })
    },
  )

  it.each(['/sapi/v1/margin/allPairs', '/sapi/v1/margin/isolated/allPairs'])(
    '%s has no pairs',
    (path) => {
      expect(client.plain('GET', path).json).toEqual([])
    },
  )

  it('has the coins that are traded, none of which can be moved', () => {
    const path = '/sapi/v1/capital/config/getall'
    expect(client.plain('GET', path)).toMatchObject({ status: 400, json: { code: -1102 } })
    expect(client.signed('GET', path).json).toMatchObject(
      ['BTC', 'USDT'].map((coin) => ({
        coin,
        free: '0',
        depositAllEnable: false,
        withdrawAllEnable: false,
        networkList: [],
      })),
    )
  })

  it('has the whole book for one with retail price improvement', () => {
    const whole = ask('/fapi/v1/depth', { symbol: 'BTCUSDT', limit: 1000 })
    expect(ask('/fapi/v1/rpiDepth', { symbol: 'BTCUSDT' })).toEqual(whole)
    expect(ask('/fapi/v1/rpiDepth', { symbol: 'BTCUSDT', limit: 500 })).toMatchObject({
      code: -4021,
    })
  })

  it.each<readonly [string, string, Values, unknown]>([
    ['GET', 'feeBurn', {}, { feeBurn: false }],
    ['POST', 'feeBurn', { feeBurn: 'false' }, { code: 200 }],
    ['POST', 'feeBurn', { feeBurn: 'true' }, { code: -4084 }],
    ['POST', 'feeBurn', {}, { code: -1102 }],
    ['GET', 'multiAssetsMargin', {}, { multiAssetsMargin: false }],
    ['POST', 'multiAssetsMargin', { multiAssetsMargin: 'False' }, { code: -4171 }],
    ['POST', 'multiAssetsMargin', { multiAssetsMargin: 'true' }, { code: -4084 }],
    ['POST', 'multiAssetsMargin', { multiAssetsMargin: 'x' }, { code: -1130 }],
  ])('says what an account cannot have: %s %s %j', (method, path, values, answer) => {
    expect(client.signed(method, `/fapi/v1/${path}`, values).json).toMatchObject(answer as object)
  })
})
