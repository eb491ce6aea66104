import { describe, expect, it } from '@jest/globals'
import { GET, open } from '../open-venue.fixture.ts'
import { orderJson, refusal, tradeJson, type Reply } from '../scripted-fapi.fixture.ts'

const page = (from: number, count: number): Reply => ({
  json: Array.from({ length: count }, (_, index) => tradeJson(from + index)),
})

describe('fills', () => {
  it('fills: by time until a page is full, then by id; with our ids, each once', async () => {
    const { fapi, venue } = await open()
    fapi.on('GET /fapi/v1/userTrades', page(1, 1_000), page(1_001, 1_000), page(2_001, 3))
    fapi.on(GET, { json: orderJson({ clientOrderId: 'mine' }) })
    const fills = await venue.fills('BTCUSDT', 1_795_000_000_000 - 86_400_000)
    const got = fills.outcome === 'known' ? fills.value : []
    expect(got).toHaveLength(2_003)
    expect(got[0]).toEqual({
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      fillId: 'BTCUSDT-1',
      clientOrderId: 'mine',
      side: 'BUY',
      quantity: '0.01',
      price: '60000',
      fee: '0.12',
      feeAsset: 'USDT',
      liquidity: 'MAKER',
      at: 1_795_000_000_001,
    })
    const asked = fapi.asked.filter(({ call }) => call.endsWith('/userTrades'))
    expect(asked.map(({ parameters }) => parameters['fromId'])).toEqual([undefined, '1001', '2001'])
    expect(asked[1]?.parameters).not.toHaveProperty('startTime')
    expect(fapi.calls().filter((call) => call === GET)).toHaveLength(1)
  })

  it('fills: windows of seven days, three months back at most', async () => {
    const { clock, fapi, venue } = await open()
    fapi.on('GET /fapi/v1/userTrades', { json: [] })
    expect(await venue.fills('BTCUSDT', 0)).toEqual({ outcome: 'known', value: [] })
    const asked = fapi.asked.filter(({ call }) => call.endsWith('/userTrades'))
    const times = asked.map(({ parameters }) => [
      Number(parameters['startTime']),
      Number(parameters['endTime']),
    ])
    expect(times[0]?.[0]).toBe(clock.now() - 89 * 86_400_000)
    for (const [from = 0, to = 0] of times) expect(to - from).toBeLessThan(7 * 86_400_000)
    for (let index = 1; index < times.length; index++)
      expect(times[index]?.[0]).toBe((times[index - 1]?.[1] ?? 0) + 1)
    expect(times.at(-1)?.[1]).toBeGreaterThanOrEqual(clock.now())
  })

  it('fills of an order that the venue has forgotten keep the venue’s id', async () => {
    const { fapi, venue } = await open()
    fapi.on('GET /fapi/v1/userTrades', { json: [tradeJson(5)] }).on(GET, refusal(-2013))
    expect(await venue.fills('BTCUSDT', 1_795_000_000_000)).toMatchObject({
      value: [{ fillId: 'BTCUSDT-5', clientOrderId: 'forgotten-22542179' }],
    })
  })

  it('fills: many orders are learned by the page, and the one that is missing by itself', async () => {
    const { fapi, venue } = await open()
    const ids = Array.from({ length: 8 }, (_, index) => 100 + index)
    const rows = ids.map((id) => orderJson({ orderId: id, clientOrderId: `mine-${id}` }))
    fapi
      .on('GET /fapi/v1/userTrades', { json: ids.map((id) => tradeJson(id, { orderId: id })) })
      .on('GET /fapi/v1/allOrders', { json: rows.slice(0, 7) })
      .on(GET, { json: orderJson({ orderId: 107, clientOrderId: 'late' }) })
    const fills = await venue.fills('BTCUSDT', 1_795_000_000_000)
    const got = fills.outcome === 'known' ? fills.value : []
    expect(got.map(({ clientOrderId }) => clientOrderId)).toEqual([
      ...ids.slice(0, 7).map((id) => `mine-${id}`),
      'late',
    ])
    expect(fapi.last('GET /fapi/v1/allOrders').parameters).toMatchObject({ orderId: '100' })
    expect(fapi.calls()).toEqual(['GET /fapi/v1/userTrades', 'GET /fapi/v1/allOrders', GET])
  })
})
