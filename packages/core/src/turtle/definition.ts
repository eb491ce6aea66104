import { TIMEFRAME_MS } from '@tapedeck/contracts'
import type { StrategyDefinition } from '../strategy/index.ts'
import { TURTLE_PARAMETERS, turtleRules } from './rules.ts'
import { TurtleStrategy } from './turtle-strategy.ts'

/** N forgets its start slowly: after this many days one part in a million of it is left. */
const WARMUP_DAYS = 270

/** The turtle rules of S1 as a strategy on bars; days must be among the bars. */
export const turtle: StrategyDefinition = {
  name: 'turtle',
  about:
    'turtle rules: breakouts of 20 and 55 days, units of N, pyramids, 2N stops, unit and risk limits',
  timeframes: null,
  longer: ['1d'],
  parameters: TURTLE_PARAMETERS,
  warmupBars: (_values, timeframe) =>
    Math.round((WARMUP_DAYS * TIMEFRAME_MS['1d']) / TIMEFRAME_MS[timeframe]),
  create: (values, context, snapshot) => new TurtleStrategy(turtleRules(values), context, snapshot),
}
