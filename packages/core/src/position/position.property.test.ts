import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ZERO, dec, type Dec } from '../decimal/index.ts'
import {
  FLAT,
  applyFill,
  applyFunding,
  averageEntry,
  fundingPayment,
  netPnl,
  positionFromJson,
  positionToJson,
  sideOf,
  unrealizedPnl,
  type PositionFill,
} from './index.ts'

const fills = fc.array(
  fc
    .record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      lots: fc.integer({ min: 1, max: 5000 }),
      ticks: fc.integer({ min: 1, max: 1_000_000 }),
      fee: fc.integer({ min: -1000, max: 1000 }),
    })
    .map(({ side, lots, ticks, fee }): PositionFill => ({
      side,
      quantity: dec(lots).times('0.001'),
      price: dec(ticks).times('0.1'),
      fee: dec(fee).times('0.00000001'),
    })),
  { maxLength: 60 },
)
const signed = ({ side, quantity }: PositionFill): Dec =>
  side === 'BUY' ? quantity : quantity.neg()

describe('position', () => {
  it('holds the sum of its fills, and its P&L is the cash flow', () => {
    fc.assert(
      fc.property(fills, fc.integer({ min: 1, max: 1_000_000 }), (list, mark) => {
        let position = FLAT
        let quantity = ZERO
        let cash = ZERO
        let fees = ZERO
        for (const fill of list) {
          position = applyFill(position, fill)
          quantity = quantity.plus(signed(fill))
          cash = cash.minus(signed(fill).times(fill.price))
          fees = fees.plus(fill.fee)
        }
        const price = dec(mark).times('0.1')
        expect(position.quantity.eq(quantity)).toBe(true)
        expect(position.fees.eq(fees)).toBe(true)
        expect(position.realizedPnl.eq(cash.plus(position.cost))).toBe(true)
        const total = position.realizedPnl.plus(unrealizedPnl(position, price))
        expect(total.eq(cash.plus(quantity.times(price)))).toBe(true)
        expect(position.cost.isZero() || !quantity.isZero()).toBe(true)
        expect(positionFromJson(positionToJson(position))).toEqual(position)
      }),
    )
  })

  it('closing at the average price realizes nothing', () => {
    let position = applyFill(FLAT, { side: 'BUY', quantity: dec(2), price: dec(100), fee: ZERO })
    position = applyFill(position, { side: 'BUY', quantity: dec(2), price: dec(110), fee: ZERO })
    expect(averageEntry(position)?.toString()).toBe('105')
    position = applyFill(position, { side: 'SELL', quantity: dec(3), price: dec(105), fee: ZERO })
    expect(position.realizedPnl.toString()).toBe('0')
    expect(sideOf(position)).toBe('LONG')
  })

  it.each([
    ['BUY', 'SELL', '100', '110', '20', 'FLAT'],
    ['SELL', 'BUY', '100', '110', '-20', 'FLAT'],
  ] as const)('%s then %s from %s to %s makes %s', (first, second, from, to, pnl, side) => {
    const open = { quantity: dec(2), fee: dec('0.5') }
    let position = applyFill(FLAT, { ...open, side: first, price: dec(from) })
    position = applyFill(position, { ...open, side: second, price: dec(to) })
    expect(position.realizedPnl.toString()).toBe(pnl)
    expect(netPnl(position).toString()).toBe(dec(pnl).minus(1).toString())
    expect(sideOf(position)).toBe(side)
  })

  it('turns from long to short through flat', () => {
    let position = applyFill(FLAT, { side: 'BUY', quantity: dec(1), price: dec(100), fee: ZERO })
    position = applyFill(position, { side: 'SELL', quantity: dec(3), price: dec(90), fee: ZERO })
    expect(position.realizedPnl.toString()).toBe('-10')
    expect(sideOf(position)).toBe('SHORT')
    expect(averageEntry(position)?.toString()).toBe('90')
  })

  it('charges longs and pays shorts when the funding rate is positive', () => {
    expect(fundingPayment(dec(2), dec(50_000), dec('0.0001')).toString()).toBe('-10')
    expect(fundingPayment(dec(-2), dec(50_000), dec('0.0001')).toString()).toBe('10')
    expect(netPnl(applyFunding(FLAT, dec(-10))).toString()).toBe('-10')
  })

  it('refuses a fill without a quantity', () => {
    expect(() =>
      applyFill(FLAT, { side: 'BUY', quantity: ZERO, price: dec(1), fee: ZERO }),
    ).toThrow(/positive quantity/)
  })
})
