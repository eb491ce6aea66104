import { describe, expect, it } from '@jest/globals'
import type { VenueFill, VenueSnapshot } from '@tapedeck/core'
import { lookAtVenue } from '../port/index.ts'
import { createPaperQueries } from './index.ts'

const here = { venue: 'paper', symbol: 'BTCUSDT' }
const fill = (at: number): VenueFill => ({
  ...here,
  fillId: `f${at}`,
  clientOrderId: 'e',
  side: 'BUY',
  quantity: '1',
  price: '100',
  fee: '0',
  feeAsset: 'USDT',
  liquidity: 'MAKER',
  at,
})
const snapshot: VenueSnapshot = {
  at: 5_000,
  orders: [
    {
      ...here,
      clientOrderId: 'a',
      venueOrderId: '1',
      side: 'SELL',
      type: 'STOP_MARKET',
      conditional: true,
      quantity: '1',
      filledQuantity: '0.5',
      price: null,
      stopPrice: '90',
      reduceOnly: true,
    },
  ],
  positions: [
    { ...here, side: 'LONG', quantity: '1', averagePrice: '100' },
    { ...here, symbol: 'ETHUSDT', side: 'FLAT', quantity: '0', averagePrice: null },
  ],
  fills: [fill(1_000), fill(2_000)],
  balances: [{ asset: 'USDT', wallet: '10000' }],
}
const venue = createPaperQueries('paper', () => Promise.resolve(snapshot))

describe('the paper venue’s answers', () => {
  it('one look holds what was asked for: symbols, fills since', async () => {
    const look = await lookAtVenue(venue, ['BTCUSDT', 'ETHUSDT'], 1_500)
    expect(look).toEqual({
      outcome: 'known',
      value: {
        ...snapshot,
        positions: snapshot.positions.slice(0, 1),
        fills: snapshot.fills.slice(1),
      },
    })
    expect(await lookAtVenue(venue, ['XRPUSDT'], 0)).toMatchObject({
      value: { orders: [], positions: [], fills: [] },
    })
  })

  it('finds an open order by its id, and says null for any other', async () => {
    expect(await venue.findOrder('BTCUSDT', 'a')).toMatchObject({
      outcome: 'known',
      value: { clientOrderId: 'a', status: 'PARTIALLY_FILLED' },
    })
    expect(await venue.findOrder('BTCUSDT', 'b')).toEqual({ outcome: 'known', value: null })
  })

  it('a venue that does not answer is unknown, and so is the whole look', async () => {
    let calls = 0
    const flaky = createPaperQueries('paper', () => {
      calls += 1
      return calls < 3 ? Promise.resolve(snapshot) : Promise.reject(new Error('timed out'))
    })
    expect(await lookAtVenue(flaky, ['BTCUSDT'], 0)).toEqual({
      outcome: 'unknown',
      detail: 'the paper venue did not answer: timed out',
    })
  })
})
