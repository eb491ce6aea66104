import { describe, expect, it } from '@jest/globals'
import { open } from '../open-venue.fixture.ts'
import { refusal, type ScriptedFapi } from '../scripted-fapi.fixture.ts'

const ready = (fapi: ScriptedFapi, account: object = {}, config: object = {}): void => {
  fapi
    .on('GET /fapi/v1/accountConfig', {
      json: { canTrade: true, dualSidePosition: false, multiAssetsMargin: false, ...account },
    })
    .on('GET /fapi/v1/exchangeInfo', {
      json: {
        symbols: [
          {
            symbol: 'BTCUSDT',
            status: 'TRADING',
            baseAsset: 'BTC',
            quoteAsset: 'USDT',
            filters: [
              { filterType: 'PRICE_FILTER', minPrice: '0.1', maxPrice: '9', tickSize: '0.1' },
              { filterType: 'LOT_SIZE', minQty: '1', maxQty: '9', stepSize: '1' },
            ],
          },
        ],
      },
    })
    .on('GET /fapi/v1/leverageBracket', {
      json: [{ symbol: 'BTCUSDT', brackets: [{ bracket: 1, initialLeverage: 20 }] }],
    })
    .on('GET /fapi/v1/symbolConfig', {
      json: [{ symbol: 'BTCUSDT', marginType: 'CROSSED', leverage: 20, ...config }],
    })
    .on('POST /fapi/v1/marginType', { json: { code: 200, msg: 'success' } })
    .on('POST /fapi/v1/leverage', {
      json: { leverage: 5, maxNotionalValue: '1', symbol: 'BTCUSDT' },
    })
}

const changes = (fapi: ScriptedFapi): string[] =>
  fapi.calls().filter((call) => call.startsWith('POST'))

describe('setting the account', () => {
  const setup = { symbols: ['BTCUSDT'], leverage: 5, marginType: 'ISOLATED' as const }

  it('changes what differs, and nothing when nothing does', async () => {
    const { fapi, venue } = await open()
    ready(fapi)
    expect(await venue.prepareAccount(setup)).toEqual({ outcome: 'known', value: { problems: [] } })
    expect(changes(fapi)).toEqual(['POST /fapi/v1/marginType', 'POST /fapi/v1/leverage'])
    fapi.asked.length = 0
    ready(fapi, {}, { marginType: 'ISOLATED', leverage: 5 })
    expect(await venue.prepareAccount(setup)).toMatchObject({ value: { problems: [] } })
    expect(changes(fapi)).toEqual([])
  })

  it('what is so already (-4046) is no problem', async () => {
    const { fapi, venue } = await open()
    ready(fapi)
    fapi.on('POST /fapi/v1/marginType', refusal(-4046))
    expect(await venue.prepareAccount(setup)).toMatchObject({ value: { problems: [] } })
  })

  it.each<[string, (fapi: ScriptedFapi) => void, string]>([
    ['hedge mode', (fapi) => ready(fapi, { dualSidePosition: true }), 'hedge mode'],
    [
      'no permission to trade',
      (fapi) => ready(fapi, { canTrade: false }),
      'does not let this account trade',
    ],
    ['multi-assets mode', (fapi) => ready(fapi, { multiAssetsMargin: true }), 'no isolated margin'],
    [
      'a refused key',
      (fapi) => fapi.on('GET /fapi/v1/accountConfig', refusal(-2015)),
      'refuses this key: -2015',
    ],
    [
      'a margin type that cannot change',
      (fapi) => {
        ready(fapi)
        fapi.on('POST /fapi/v1/marginType', refusal(-4048))
      },
      'margin type is not ISOLATED and cannot be changed: -4048',
    ],
    [
      'leverage that is not set',
      (fapi) => {
        ready(fapi)
        fapi.on('POST /fapi/v1/leverage', { json: { leverage: 4 } })
      },
      'leverage is not 5 and cannot be changed: the venue says 4',
    ],
  ])('%s is a problem', async (_name, prepare, words) => {
    const { fapi, venue } = await open()
    prepare(fapi)
    expect(await venue.prepareAccount(setup)).toMatchObject({
      value: { problems: [expect.stringContaining(words)] },
    })
  })

  it('a symbol that is not listed, and more leverage than there is', async () => {
    const { fapi, venue } = await open()
    ready(fapi)
    const answer = await venue.prepareAccount({
      ...setup,
      symbols: ['DOGEUSDT', 'BTCUSDT'],
      leverage: 50,
    })
    expect(answer).toMatchObject({
      value: {
        problems: [
          'DOGEUSDT: the venue does not list it',
          "BTCUSDT: leverage 50 is more than the venue's 20",
        ],
      },
    })
  })

  it('an unknown answer anywhere makes it unknown', async () => {
    const { fapi, venue } = await open()
    ready(fapi)
    fapi.on('POST /fapi/v1/leverage', { text: '' })
    expect(await venue.prepareAccount(setup)).toMatchObject({ outcome: 'unknown' })
  })
})
