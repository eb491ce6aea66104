import { expect } from '@jest/globals'
import { accepted, cancel, found, limit, market, position, valueOf } from '../orders.ts'
import { SYMBOL, onPort, stepsOf, toldOf, type AcceptanceCase } from '../venue-stage.ts'

export const PLAIN_ORDER_CASES: readonly AcceptanceCase[] = [
  onPort('V-11', 'a limit away from the market rests', async (stage) => {
    const venueOrderId = await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toEqual([
      {
        venue: stage.venue.venue,
        symbol: SYMBOL,
        clientOrderId: 'a',
        venueOrderId,
        side: 'BUY',
        type: 'LIMIT',
        conditional: false,
        quantity: '0.01',
        filledQuantity: '0',
        price: '59950',
        stopPrice: null,
        reduceOnly: false,
      },
    ])
    expect(stepsOf(stage, 'a')).toEqual(['accepted'])
    expect(await found(stage, 'a')).toMatchObject({ status: 'ACCEPTED', reason: null })
  }),

  onPort('V-12', 'a resting limit fills at its price as maker', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    await stage.quote(59_900)
    const [, filled] = toldOf(stage, 'a')
    expect(filled).toMatchObject({
      step: 'filled',
      filledQuantity: '0.01',
      fill: { price: '59950', quantity: '0.01', liquidity: 'MAKER', feeAsset: 'USDT' },
    })
    expect(await found(stage, 'a')).toMatchObject({ status: 'FILLED', filledQuantity: '0.01' })
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toEqual([])
    expect(await position(stage)).toBe('0.01')
  }),

  onPort('V-13', 'a limit that fills in part goes on resting', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    await stage.print(59_949, 4, 'SELL')
    expect(await found(stage, 'a')).toMatchObject({
      status: 'PARTIALLY_FILLED',
      filledQuantity: '0.004',
    })
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toMatchObject([
      { clientOrderId: 'a', quantity: '0.01', filledQuantity: '0.004' },
    ])
    expect(await position(stage)).toBe('0.004')
  }),

  onPort('V-14', 'parts add up to the whole', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    for (const lots of [4, 1, 20]) await stage.print(59_949, lots, 'SELL')
    const fills = toldOf(stage, 'a').flatMap(({ fill }) => fill ?? [])
    expect(fills.map(({ quantity }) => quantity)).toEqual(['0.004', '0.001', '0.005'])
    expect(new Set(fills.map(({ fillId }) => fillId)).size).toBe(3)
    expect(await found(stage, 'a')).toMatchObject({ status: 'FILLED' })
  }),

  onPort('V-15', 'a limit through the market takes at the better price', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '60010'))
    expect(toldOf(stage, 'a').at(-1)).toMatchObject({
      step: 'filled',
      fill: { price: '60000.1', liquidity: 'TAKER' },
    })
  }),

  onPort('V-16', 'a limit takes what its price allows, and rests with the rest', async (stage) => {
    await stage.quote(60_000, 5)
    await accepted(stage, limit('a', 'BUY', '0.02', '60000.2'))
    expect(await found(stage, 'a')).toMatchObject({
      status: 'PARTIALLY_FILLED',
      filledQuantity: '0.01',
    })
    expect(stepsOf(stage, 'a')).toEqual(['accepted', 'filled', 'filled'])
  }),

  onPort('V-17', 'a cancel ends a resting limit', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    expect(valueOf(await stage.venue.cancelOrder(cancel('a')))).toMatchObject({ canceled: true })
    expect(stepsOf(stage, 'a')).toEqual(['accepted', 'canceled'])
    expect(valueOf(await stage.venue.openOrders([SYMBOL]))).toEqual([])
    expect(await found(stage, 'a')).toMatchObject({ status: 'CANCELED', filledQuantity: '0' })
  }),

  onPort('V-18', 'a cancel keeps what had filled', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    await stage.print(59_949, 4, 'SELL')
    expect(valueOf(await stage.venue.cancelOrder(cancel('a')))).toMatchObject({ canceled: true })
    expect(await found(stage, 'a')).toMatchObject({ status: 'CANCELED', filledQuantity: '0.004' })
    expect(toldOf(stage, 'a').at(-1)).toMatchObject({ step: 'canceled', filledQuantity: '0.004' })
    expect(await position(stage)).toBe('0.004')
  }),

  onPort('V-19', 'decimals come back without zeros at their ends', async (stage) => {
    await accepted(stage, limit('a', 'BUY', '0.010', '59950.00'))
    expect(await found(stage, 'a')).toMatchObject({ quantity: '0.01', price: '59950' })
  }),

  onPort('V-20', 'a market order takes the best price', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    expect(toldOf(stage, 'a').at(-1)).toMatchObject({
      step: 'filled',
      fill: { price: '60000.1', quantity: '0.01', liquidity: 'TAKER', fee: '0.3000005' },
    })
    expect(valueOf(await stage.venue.positions([SYMBOL]))).toEqual([
      {
        venue: stage.venue.venue,
        symbol: SYMBOL,
        side: 'LONG',
        quantity: '0.01',
        averagePrice: '60000.1',
      },
    ])
  }),

  onPort('V-21', 'a large market order walks the book, a fill each level', async (stage) => {
    await stage.quote(60_000, 5)
    await accepted(stage, market('a', 'SELL', '0.012'))
    const prices = toldOf(stage, 'a').flatMap(({ fill }) => fill?.price ?? [])
    expect(prices).toEqual(['59999.9', '59999.8', '59999.7'])
    expect(await position(stage)).toBe('-0.012')
  }),

  onPort('V-22', 'a market order larger than the book expires with the rest', async (stage) => {
    await stage.quote(60_000, 1)
    await accepted(stage, market('a', 'BUY', '0.05'))
    expect(toldOf(stage, 'a').at(-1)).toMatchObject({
      step: 'expired',
      filledQuantity: '0.01',
      reason: expect.stringContaining('could not fill completely'),
    })
    expect(await found(stage, 'a')).toMatchObject({ status: 'EXPIRED', filledQuantity: '0.01' })
  }),

  onPort('V-23', 'a reduce-only market order closes the position', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    await accepted(stage, market('b', 'SELL', '0.01', { reduceOnly: true }))
    expect(await position(stage)).toBe('0')
  }),
]
