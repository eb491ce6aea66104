import type { Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import fc from 'fast-check'

export const instrument = (symbol: string, tick = '0.1'): Instrument => ({
  venue: 'binance-usdm',
  symbol,
  base_asset: 'BTC',
  quote_asset: 'USDT',
  tick_size: tick,
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '5',
  max_leverage: 1,
})

export const A = instrument('AUSDT')
export const B = instrument('BUSDT', '0.01')

const symbol = fc.constantFrom('AUSDT', 'BUSDT')
const whole = fc.oneof(fc.nat(1000), fc.maxSafeNat())
const time = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
  fc.integer({ min: 1_699_900_000_000, max: 1_700_200_000_000 }),
)
const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const levels = fc.array(whole, { maxLength: 5 })
const signed = fc.oneof(fc.integer(), fc.maxSafeInteger())

const event: fc.Arbitrary<MarketEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('trade' as const),
      symbol,
      id: whole,
      priceTicks: whole,
      quantityLots: whole,
      time,
      maker: fc.constantFrom(0 as const, 1 as const),
      excluded: fc.boolean(),
    }),
  },
  fc.record({
    kind: fc.constant('depth' as const),
    symbol,
    snapshot: fc.boolean(),
    firstId: whole,
    lastId: whole,
    previousId: fc.option(whole),
    time: fc.option(time),
    bidTicks: levels,
    bidLots: levels,
    askTicks: levels,
    askLots: levels,
  }),
  fc.record({
    kind: fc.constant('quote' as const),
    symbol,
    updateId: whole,
    bidTicks: whole,
    bidLots: whole,
    askTicks: whole,
    askLots: whole,
  }),
  fc.record({
    kind: fc.constant('mark' as const),
    symbol,
    time,
    markPrice: number,
    indexPrice: fc.option(number),
    fundingRate: number,
    nextFundingTime: time,
  }),
  fc.record({
    kind: fc.constant('feed' as const),
    symbol,
    channel: fc.constantFrom('trades' as const, 'depth' as const, 'mark' as const),
    status: fc.constantFrom('up' as const, 'gap' as const, 'stale' as const),
    reason: fc.string({ unit: 'grapheme' }),
    missingFrom: fc.option(whole),
    missingTo: fc.option(whole),
  }),
  fc.record({ kind: fc.constant('clock' as const), time }),
  fc.record({
    kind: fc.constant('bar' as const),
    symbol,
    timeframe: fc.constantFrom('1m' as const, '1h' as const),
    bar: fc.record({
      openTime: time,
      open: whole,
      high: whole,
      low: whole,
      close: whole,
      buy: fc.nat(),
      sell: fc.nat(),
      unsided: fc.nat(),
      minDelta: signed,
      maxDelta: signed,
      trades: whole,
      excess: number,
      carried: fc.boolean(),
      tainted: fc.boolean(),
    }),
  }),
)

/** Sessions of every kind of event in any order, over some days. */
export const sessions = (maxLength: number): fc.Arbitrary<MarketEvent[]> =>
  fc.array(event, { minLength: 1, maxLength })
