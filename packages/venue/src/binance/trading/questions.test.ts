import { describe, expect, it } from '@jest/globals'
import { GET, open } from '../open-venue.fixture.ts'
import { algoJson, orderJson, refusal } from '../scripted-fapi.fixture.ts'

const symbol = (name: string, filters: unknown): object => ({
  symbol: name,
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  filters,
})

describe('questions', () => {
  it('lists both kinds of open orders; what triggered in between is listed once, as its child', async () => {
    const { fapi, venue } = await open()
    fapi.on('GET /fapi/v1/openAlgoOrders', {
      json: [
        algoJson({ clientAlgoId: 'a' }),
        algoJson({ clientAlgoId: 'b', algoStatus: 'TRIGGERING' }),
        algoJson({ clientAlgoId: 'c', algoStatus: 'CANCELED' }),
      ],
    })
    fapi.on('GET /fapi/v1/openOrders', {
      json: [orderJson(), orderJson({ clientOrderId: 'a', type: 'MARKET', orderId: 9 })],
    })
    const orders = await venue.openOrders(['BTCUSDT'])
    const listed = orders.outcome === 'known' ? orders.value : []
    expect(listed.map(({ clientOrderId, conditional }) => [clientOrderId, conditional])).toEqual([
      ['td-1', false],
      ['a', false],
      ['b', true],
    ])
    expect(Object.keys(listed[0] ?? {})).not.toContain('status')
  })

  it('positions, by sign; hedge mode is not read as one-way', async () => {
    const { fapi, venue } = await open()
    const row = {
      symbol: 'BTCUSDT',
      positionSide: 'BOTH',
      positionAmt: '-0.010',
      entryPrice: '60000.0',
    }
    fapi.on('GET /fapi/v3/positionRisk', {
      json: [row, { ...row, symbol: 'ETHUSDT', positionAmt: '0.0', entryPrice: '0.0' }],
    })
    expect(await venue.positions(['BTCUSDT', 'ETHUSDT'])).toEqual({
      outcome: 'known',
      value: [
        {
          venue: 'binance-usdm',
          symbol: 'BTCUSDT',
          side: 'SHORT',
          quantity: '0.01',
          averagePrice: '60000',
        },
      ],
    })
    fapi.on('GET /fapi/v3/positionRisk', { json: [{ ...row, positionSide: 'LONG' }] })
    expect(await venue.positions(['BTCUSDT'])).toMatchObject({ outcome: 'unknown' })
  })

  it('numbers may be texts and texts numbers; exponents and long ids survive', async () => {
    const { fapi, venue } = await open()
    fapi.on(GET, {
      text: JSON.stringify(
        orderJson({
          price: 60_000.5,
          origQty: 1e-7,
          executedQty: 0,
          updateTime: '1795000000500',
          reduceOnly: 'true',
        }),
      ).replace('22542179', '9223372036854775807'),
    })
    expect(await venue.findOrder('BTCUSDT', 'td-1')).toMatchObject({
      value: {
        price: '60000.5',
        quantity: '0.0000001',
        filledQuantity: '0',
        at: 1_795_000_000_500,
        reduceOnly: true,
        venueOrderId: '9223372036854775807',
      },
    })
  })

  it('instruments: odd ones are left out and named, the rest survives', async () => {
    const { fapi, venue, said } = await open()
    const price = {
      filterType: 'PRICE_FILTER',
      minPrice: '0.10',
      maxPrice: '1000000',
      tickSize: '0.10',
    }
    const lots = { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' }
    fapi.on('GET /fapi/v1/exchangeInfo', {
      json: {
        symbols: [
          symbol('BTCUSDT', [
            price,
            lots,
            { filterType: 'MIN_NOTIONAL', notional: '100' },
            { filterType: 'NEW_ONE', odd: [] },
          ]),
          symbol('SPOTLIKE', [price, lots, { filterType: 'MIN_NOTIONAL', minNotional: 5 }]),
          symbol('BARE', [price, lots]),
          symbol('NOTICK', [{ ...price, tickSize: '0' }, lots]),
          symbol('NOLOTS', [price]),
          symbol('NOTALIST', 'filters'),
          null,
        ],
      },
    })
    const found = await venue.instruments()
    const all = found.outcome === 'known' ? found.value : new Map()
    expect([...all.keys()]).toEqual(['BTCUSDT', 'SPOTLIKE', 'BARE'])
    expect(all.get('BTCUSDT')).toEqual({
      symbol: 'BTCUSDT',
      base_asset: 'BTC',
      quote_asset: 'USDT',
      tick_size: '0.1',
      lot_size: '0.001',
      min_quantity: '0.001',
      min_notional: '100',
      max_quantity: '1000',
      market_max_quantity: '1000',
      min_price: '0.1',
      max_price: '1000000',
      status: 'TRADING',
    })
    expect(JSON.stringify(said)).toContain('NOTICK PRICE_FILTER.tickSize is 0')
  })

  it('funding, balances, time', async () => {
    const { clock, fapi, venue } = await open()
    fapi.on('GET /fapi/v1/income', {
      json: [
        {
          symbol: 'BTCUSDT',
          incomeType: 'FUNDING_FEE',
          income: '-0.37500000',
          asset: 'USDT',
          time: clock.now(),
          tranId: 1,
        },
        {
          symbol: 'BTCUSDT',
          incomeType: 'COMMISSION',
          income: '-1',
          asset: 'USDT',
          time: clock.now(),
          tranId: 2,
        },
      ],
    })
    expect(await venue.funding('BTCUSDT', clock.now() - 1_000)).toEqual({
      outcome: 'known',
      value: [{ symbol: 'BTCUSDT', amount: '-0.375', at: clock.now() }],
    })
    fapi.on('GET /fapi/v3/balance', {
      json: [{ asset: 'USDT', balance: '1000.10000000', updateTime: 1 }],
    })
    expect(await venue.balances()).toEqual({
      outcome: 'known',
      value: [{ asset: 'USDT', wallet: '1000.1' }],
    })
    fapi.ahead = 7
    expect(await venue.serverTime()).toEqual({ outcome: 'known', value: clock.now() + 7 })
  })

  it('a key without permission is an unknown answer with the reason', async () => {
    const { fapi, venue } = await open()
    fapi.on(
      'GET /fapi/v3/balance',
      refusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401),
    )
    expect(await venue.balances()).toEqual({
      outcome: 'unknown',
      detail:
        'GET /fapi/v3/balance was refused: -2015 Invalid API-key, IP, or permissions for action.',
    })
  })
})
