import { describe, expect, it } from '@jest/globals'
import { writtenPayload } from './written-payload.ts'

const placesIn = (symbol: string) =>
  symbol === 'BTCUSDT' ? { price: 2, quantity: 3 } : { price: 4, quantity: 0 }
const s = 'BTCUSDT'

describe('decimals of a message', () => {
  it.each([
    [
      { e: 'aggTrade', s, p: '60000', q: '1', nq: '1', a: 7 },
      { p: '60000.00', q: '1.000', nq: '1.000', a: 7 },
    ],
    [
      { e: 'depthUpdate', s, b: [['1.5', '0']], a: [] },
      { b: [['1.50', '0.000']], a: [] },
    ],
    [
      { e: 'bookTicker', s: 'XRPUSDT', b: '2', B: '30', a: '2.0001', A: '5' },
      { b: '2.0000', B: '30', a: '2.0001', A: '5' },
    ],
    [
      { e: 'kline', s, k: { s, i: '1m', o: '1', q: '600.001', v: '0.01', n: 3 } },
      { k: { i: '1m', o: '1.00', q: '600.00100', v: '0.010', n: 3 } },
    ],
    [
      { e: 'markPriceUpdate', s, p: '60000', r: '0.0001' },
      { p: '60000.00000000', r: '0.00010000' },
    ],
    [
      { e: '24hrTicker', s, P: '-0.5', w: '0', c: '1' },
      { P: '-0.500', w: '0.00', c: '1.00' },
    ],
    [
      { e: 'forceOrder', o: { s, p: '1', q: '0.5', o: 'LIMIT' } },
      { o: { p: '1.00', q: '0.500', o: 'LIMIT' } },
    ],
    [
      { e: 'TRADE_LITE', s, p: '0', L: '60000.1', l: '0.01' },
      { p: '0.00', L: '60000.10', l: '0.010' },
    ],
  ])('are written with the places of its symbol: %j', (payload, written) => {
    expect(writtenPayload(payload, placesIn)).toMatchObject(written)
  })

  it('of an account stay as they are, and so do messages that nobody knows', () => {
    for (const payload of [
      { e: 'ORDER_TRADE_UPDATE', o: { s, q: '0.01', p: '60000' } },
      { e: 'other', s, p: '1' },
      { result: null, id: 1 },
    ])
      expect(writtenPayload(payload, placesIn)).toBe(payload)
  })

  it('of all symbols are written each by its own', () => {
    const all = [
      { e: '24hrMiniTicker', s, c: '1' },
      { e: '24hrMiniTicker', s: 'XRPUSDT', c: '1' },
    ]
    expect(writtenPayload(all as never, placesIn)).toMatchObject([{ c: '1.00' }, { c: '1.0000' }])
  })
})
