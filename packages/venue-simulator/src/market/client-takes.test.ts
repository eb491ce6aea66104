import { describe, expect, it } from '@jest/globals'
import { testInstrument } from '@tapedeck/test-data'
import { listInstrument, type ExchangeEvent } from '../exchange/index.ts'
import { fill, order } from '../sockets/stream-hub.fixture.ts'
import { clientTakes, gridsOf } from './client-takes.ts'

const instrument = testInstrument({
  venue: 'generated',
  tick_size: '0.5',
  lot_size: '0.1',
  min_quantity: '0.1',
  min_notional: '5',
})
const grids = gridsOf([listInstrument(instrument)])

const told = (given: Parameters<typeof fill>[0], execution = 'TRADE' as const): ExchangeEvent => ({
  kind: 'order',
  sequence: 0,
  time: 1,
  account: 'main',
  execution,
  order: order(),
  fill: fill(given),
})

describe('clientTakes', () => {
  it('adds up what an order took, at its worst price, and leaves out makers', () => {
    const events = [
      told({ id: 1, price: '100', quantity: '0.5' }),
      told({ id: 2, price: '100.5', quantity: '0.2' }),
      told({ id: 3, orderId: 8, maker: true }),
      told({ id: 4, orderId: 9, side: 'SELL', price: '99.5', quantity: '1' }),
    ]
    expect(clientTakes(events, grids)).toEqual([
      { symbol: 'BTCUSDT', side: 'BUY', lots: 7, priceTicks: 201 },
      { symbol: 'BTCUSDT', side: 'SELL', lots: 10, priceTicks: 199 },
    ])
  })

  it('does not count what one client took from another, nor what is no trade', () => {
    const events = [told({ id: 1 }), told({ id: 1, orderId: 8, side: 'SELL', maker: true })]
    expect(clientTakes(events, grids)).toEqual([])
    expect(clientTakes([told({ id: 2, symbol: 'XUSDT' })], grids)).toEqual([])
  })
})
