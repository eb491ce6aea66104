import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  MESSAGES,
  SetupEventsConfig,
  StrategyConfig,
  type Features,
  type Message,
  type Output,
  type Side,
  type SignalGenerated,
} from '@tapedeck/contracts'
import { bar, bullish, featuresMessage, mirrored, NOON } from './features.fixture.ts'
import {
  biasOf,
  checkedBoxes,
  createSetupDecider,
  evaluateReversion,
  evaluateTrend,
  exitsProblem,
} from './index.ts'

const config = StrategyConfig.parse({})
const PIVOT = 600_000
const near = (spread: number): fc.Arbitrary<number> =>
  fc.integer({ min: PIVOT - spread, max: PIVOT + spread })
const sides = fc.subarray<Side>(['BUY', 'SELL'])
const anyBar = fc
  .tuple(fc.array(near(200), { minLength: 4, maxLength: 4 }), fc.integer({ min: -500, max: 500 }))
  .map(([prices, delta]) => {
    const [open, close] = [prices[0]!, prices[1]!]
    return bar(open, Math.max(...prices), Math.min(...prices), close, delta)
  })
const wall = fc.option(
  near(3000).map((price_ticks) => ({ price_ticks, quantity_lots: 1, source: 'book' as const })),
)

/** Markets in which a few in ten evaluations have three boxes. */
const market: fc.Arbitrary<Features> = fc
  .record({
    price_ticks: near(300),
    bars_15s: fc.array(anyBar, { minLength: 0, maxLength: 3 }),
    rising: fc.boolean(),
    price_15s_ago_ticks: fc.option(near(300)),
    delta: fc.integer({ min: -10_000, max: 10_000 }),
    absorbed: sides,
    aggressive: sides,
    trapped: sides,
    divergence: fc.constantFrom('BEARISH' as const, 'BULLISH' as const, null),
    hours: fc.integer({ min: 0, max: 8 }),
    vwap: fc.option(fc.integer({ min: 59_000, max: 61_000 })),
    vwap_std: fc.constantFrom(0, 100, 300),
    atr_15s: fc.option(fc.integer({ min: 0, max: 300 })),
    poc_ticks: near(3000),
    market_state: fc.constantFrom('BALANCE' as const, 'IMBALANCE_UP' as const, 'UNKNOWN' as const),
    initial_balance_done: fc.boolean(),
    wall_below: wall,
    wall_above: wall,
  })
  .map(({ rising, delta, hours, poc_ticks, ...rest }) =>
    bullish({
      ...rest,
      at: NOON + hours * 3_600_000,
      bars_15m: rising ? bullish().bars_15m : [],
      delta_lots: { '5s': delta, '15s': delta, '1m': delta, '5m': delta },
      delta_ratio: { '5s': delta / 1e4, '15s': delta / 1e4, '1m': delta / 1e4, '5m': delta / 1e4 },
      profile_session: {
        poc_ticks,
        vah_ticks: poc_ticks + 50_000,
        val_ticks: poc_ticks - 50_000,
        volume_lots: 1,
      },
    }),
  )

const judged = (features: Features, side: Side): unknown[] => {
  const state = { bias: biasOf(features.bars_15m), broken: false }
  return [
    evaluateTrend(features, side, state, config),
    evaluateReversion(features, side, config),
  ].map(({ boxes, grade, score }) => ({ boxes: checkedBoxes(boxes), grade, score }))
}

/** The POI tolerance is a fraction of the point, so a mirror moves its edge by a few ticks. */
const awayFromEdge = (features: Features): boolean => {
  const distance = Math.abs(features.price_ticks - features.profile_session!.poc_ticks)
  return distance < 1190 || distance > 1210
}

const ticks = (price: string): number => Math.round(Number(price) * 10)
const isOffGrid = (price: string): boolean => !/^\d+(\.\d)?$/.test(price)
const signals = (output: Output): SignalGenerated[] =>
  output.type === 'setup.signal.generated' ? [output.payload] : []

const lifecycle = (type: string): Message =>
  ({
    ...featuresMessage(bullish()),
    type,
    payload: { venue: 'binance-usdm', symbol: 'BTCUSDT', trade: { trade_id: 'T1' } },
  }) as unknown as Message

describe('setups', () => {
  it('are the same in a mirrored market', () => {
    fc.assert(
      fc.property(market.filter(awayFromEdge), (features) => {
        const mirror = mirrored(features, PIVOT)
        expect(judged(mirror, 'SELL')).toEqual(judged(features, 'BUY'))
        expect(judged(mirror, 'BUY')).toEqual(judged(features, 'SELL'))
      }),
    )
  })

  it('come as valid messages, with exits that can be traded, on the tick grid', () => {
    fc.assert(
      fc.property(market, (features) => {
        const outputs = createSetupDecider({
          strategy: config,
          setup_events: SetupEventsConfig.parse({}),
        }).handle(featuresMessage(features))
        for (const { payload, type } of outputs) MESSAGES[type].schema.parse(payload)
        for (const signal of outputs.flatMap(signals)) {
          const exits = {
            stop_ticks: ticks(signal.stop_price_abs),
            target_ticks: ticks(signal.target_price_abs),
            basis: signal.stop_basis,
          }
          expect(exitsProblem(exits, ticks(signal.entry_price), signal.side, 2)).toBeNull()
          expect([signal.stop_price_abs, signal.target_price_abs].filter(isOffGrid)).toEqual([])
        }
      }),
    )
  })

  it('do not depend on where the state was saved and restored', () => {
    const message = fc.oneof(
      { arbitrary: market.map((features): Message => featuresMessage(features)), weight: 4 },
      {
        arbitrary: fc
          .constantFrom('execution.trade.started', 'execution.trade.closed', 'market.run.started')
          .map(lifecycle),
        weight: 1,
      },
    )
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), fc.nat(12), (messages, cut) => {
        const straight = createSetupDecider({
          strategy: config,
          setup_events: SetupEventsConfig.parse({}),
        })
        let restored = createSetupDecider({
          strategy: config,
          setup_events: SetupEventsConfig.parse({}),
        })
        messages.forEach((each, i) => {
          if (i === cut)
            restored = createSetupDecider(
              { strategy: config, setup_events: SetupEventsConfig.parse({}) },
              restored.snapshot(),
            )
          const expected: Output[] = straight.handle(each)
          expect(restored.handle(each)).toEqual(expected)
        })
        expect(restored.snapshot()).toEqual(straight.snapshot())
      }),
      { numRuns: 50 },
    )
  })
})
