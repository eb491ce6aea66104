import type { TradingConfig } from '@tapedeck/contracts'
import { BarBuilder, OrderFlowEngine, featuresAt, measuresAt } from '@tapedeck/core'
import type { TradeColumns } from './synthetic-trades.ts'

const CLOCK_MS = 1000

/** What the brain gave out, so that two runs can be compared and nothing can be left out. */
export interface BrainOutput {
  readonly features: number
  readonly measures: number
  readonly checksum: number
}

/**
 * The order-flow brain as a backtest runs it: bars of all timeframes, a clock each second, measures each
 * second, features of each 15 s bar, profiles, footprints, absorption, traps, divergences, market state.
 */
export const brainLoop = (trades: TradeColumns, trading: TradingConfig): BrainOutput => {
  const instrument = trading.instruments.find(({ venue }) => venue === 'generated')!
  const bars = new BarBuilder({ instrument })
  let [features, measures, checksum] = [0, 0, 0]
  const engine: OrderFlowEngine = new OrderFlowEngine(
    instrument,
    trading.order_flow,
    trading.session,
    {
      onMeasures: (at) => {
        measures++
        checksum += measuresAt(engine, at)?.cvd_lots ?? 0
      },
      onFeatures: (at) => {
        features++
        checksum += featuresAt(engine, at).profile_session?.poc_ticks ?? 0
      },
    },
  )
  let nextClock = trades.time[0]! - (trades.time[0]! % CLOCK_MS) + CLOCK_MS
  for (let i = 0; i < trades.count; i++) {
    const time = trades.time[i]!
    const price = trades.priceTicks[i]!
    const lots = trades.quantityLots[i]!
    const maker = trades.maker[i] as 0 | 1
    if (time >= nextClock) {
      for (const bar of bars.closeUntil(time)) engine.onBar(bar)
      engine.onClock(time - (time % CLOCK_MS))
      nextClock = time - (time % CLOCK_MS) + CLOCK_MS
    }
    for (const bar of bars.addTrade(price, lots, maker, time)) engine.onBar(bar)
    engine.onTrade(trades.firstId + i, price, lots, time, maker === 1)
  }
  return { features, measures, checksum }
}
