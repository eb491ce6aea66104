import { describe, expect, it } from '@jest/globals'
import { isType, TradingConfig, type Features, type Message } from '@tapedeck/contracts'
import { testInstrument } from '@tapedeck/test-data'
import { MarketComposer } from '../market/market-composer.ts'
import { createOrderFlowDecider } from '../order-flow/index.ts'
import { GeneratedMarket } from './generated-market.ts'

const instrument = testInstrument({ venue: 'generated' })
const config = TradingConfig.parse({
  instruments: [{ ...instrument, profile_bin_ticks: 100, min_absorption_volume: 50 }],
})
const START = Date.UTC(2026, 0, 5, 8)
const MINUTES = 120

/** What the order-flow service sees in two hours that nothing directs. */
const featuresOf = (seed: number): Features[] => {
  const market = new GeneratedMarket({
    instrument,
    seed,
    startTime: START,
    startPrice: '60000',
    tradesPerSecond: 1.6,
    meanQuantity: 1.5,
    depthIntervalMs: 500,
  })
  const composer = new MarketComposer({ instruments: [instrument] })
  const decider = createOrderFlowDecider(config)
  const seen: Features[] = []
  const show = (steps: ReturnType<MarketComposer['push']>): void => {
    for (const { outputs } of steps)
      for (const given of outputs)
        for (const told of decider.handle(given as unknown as Message))
          if (isType(told as unknown as Message, 'orderflow.features'))
            seen.push(told.payload as Features)
  }
  decider.handle({
    type: 'market.run.started',
    occurred_at: START,
    payload: { instruments: [instrument] },
  } as unknown as Message)
  show(composer.push([market.bookSnapshot()]))
  while (market.time < START + MINUTES * 60_000) show(composer.push(market.next()))
  return seen
}

describe('the generated market, read by our own detectors', () => {
  const seen = [1, 2].flatMap(featuresOf)
  const share = (is: (features: Features) => boolean): number =>
    seen.filter(is).length / seen.length

  it('is looked at all the time', () => {
    expect(seen.length).toBeGreaterThan(2 * MINUTES * 3)
  })

  it.each(['BUY', 'SELL'] as const)('absorbs %s now and then', (side) => {
    const absorbed = share((features) => features.absorbed.includes(side))
    expect(absorbed).toBeGreaterThan(0.05)
    expect(absorbed).toBeLessThan(0.6)
  })

  it('traps those who went for the stops, rarely', () => {
    const trapped = share((features) => features.trapped.length > 0)
    expect(trapped).toBeGreaterThan(0)
    expect(trapped).toBeLessThan(0.2)
  })

  it('has aggressive flow on both sides', () => {
    for (const side of ['BUY', 'SELL'] as const)
      expect(share((features) => features.aggressive.includes(side))).toBeGreaterThan(0.01)
  })

  it('is in balance for a while, and out of it for another', () => {
    const states = new Set(seen.map(({ market_state }) => market_state))
    expect([...states]).toEqual(expect.arrayContaining(['BALANCE']))
    expect([...states].some((state) => state.startsWith('IMBALANCE'))).toBe(true)
  })
})
