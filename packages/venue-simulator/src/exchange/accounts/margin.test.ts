import { describe, expect, it } from '@jest/globals'
import { dec } from '@tapedeck/core'
import { bracketsFrom } from '../exchange-instrument.ts'
import { bracketOf, greatestNotional, liquidationPrice, maintenanceMargin } from './margin.ts'

/** The first BTCUSDT brackets that Binance published in 2021. */
const BRACKETS = bracketsFrom([
  [50_000, 125, 0.004],
  [250_000, 100, 0.005],
  [1_000_000, 50, 0.01],
  [5_000_000, 20, 0.025],
  [20_000_000, 10, 0.05],
])

describe('maintenance margin', () => {
  it('has the maintenance amounts that Binance published', () => {
    expect(BRACKETS.map(({ cum }) => cum)).toEqual([0, 50, 1300, 16_300, 141_300])
  })

  // Binance's 2021 table: 3500000 in the bracket of 2.5 percent needs 3500000 * 2.5% - 16300.
  it.each([
    ['40000', '160'],
    ['50000', '200'],
    ['50000.1', '200.0005'],
    ['250000', '1200'],
    ['3500000', '71200'],
    ['-3500000', '71200'],
    ['30000000', '1358700'],
  ])('of %s is %s', (notional, margin) => {
    expect(maintenanceMargin(BRACKETS, dec(notional)).toString()).toBe(margin)
  })

  it('does not jump where a bracket ends', () => {
    for (const { notionalCap } of BRACKETS.slice(0, -1)) {
      const below = maintenanceMargin(BRACKETS, dec(notionalCap))
      const above = maintenanceMargin(BRACKETS, dec(notionalCap).plus('0.000001'))
      expect(above.minus(below).abs().lt('0.000001')).toBe(true)
    }
  })
})

describe('liquidation price', () => {
  // "How to calculate liquidation price of USDⓈ-M futures contracts": one wallet, two long positions.
  it.each([
    {
      of: 'ETHUSDT',
      otherMaintenance: '71200.81144',
      otherUnrealized: '-56354.57',
      quantity: '3683.979',
      entryPrice: '1456.84',
      cum: 135_365,
      rate: 0.1,
      price: '1153.26',
    },
    {
      of: 'BTCUSDT',
      otherMaintenance: '356512.508',
      otherUnrealized: '-448192.89',
      quantity: '109.488',
      entryPrice: '32481.98',
      cum: 16_300,
      rate: 0.025,
      price: '26316.89',
    },
  ])('of the published example $of', ({ cum, rate, price, ...terms }) => {
    const found = liquidationPrice({
      wallet: dec('1535443.01'),
      otherMaintenance: dec(terms.otherMaintenance),
      otherUnrealized: dec(terms.otherUnrealized),
      quantity: dec(terms.quantity),
      entryPrice: dec(terms.entryPrice),
      bracket: { ...bracketOf(BRACKETS, dec(1)), cum, maintMarginRatio: rate },
    })
    expect(found?.toDecimalPlaces(2).toString()).toBe(price)
  })

  it.each([
    // 1000 backs 1 BTC at 20000: the loss that leaves 0.4 percent of the notional (brackets of 0.4%).
    ['1', (19_000 / 0.996).toFixed(6)],
    ['-1', (21_000 / 1.004).toFixed(6)],
  ])('of %s BTC is where margin is maintenance', (quantity, price) => {
    const found = liquidationPrice({
      wallet: dec(1000),
      otherMaintenance: dec(0),
      otherUnrealized: dec(0),
      quantity: dec(quantity),
      entryPrice: dec(20_000),
      bracket: BRACKETS[0]!,
    })
    expect(found?.toFixed(6)).toBe(price)
  })

  it('is none for a long that its wallet covers whole', () => {
    const terms = { otherMaintenance: dec(0), otherUnrealized: dec(0), bracket: BRACKETS[0]! }
    const covered = { wallet: dec(30_000), quantity: dec(1), entryPrice: dec(20_000) }
    expect(liquidationPrice({ ...terms, ...covered })).toBeNull()
  })
})

describe('open orders', () => {
  it.each([
    // position, bids, asks: the greater of all bids filled and all asks filled.
    ['0', '100', '60', '100'],
    ['50', '100', '60', '150'],
    ['-50', '100', '60', '110'],
    ['50', '0', '60', '50'],
    ['50', '0', '160', '110'],
  ])('position %s, bids %s, asks %s: %s', (position, bids, asks, most) => {
    expect(greatestNotional(dec(position), dec(bids), dec(asks)).toString()).toBe(most)
  })
})
