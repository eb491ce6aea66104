import type { StrategyDefinition } from './bar-strategy.ts'
import { donchian } from './donchian.ts'

/** Strategies that come with the product, by the name that `--strategy` takes. */
export const BUILT_IN_STRATEGIES: readonly StrategyDefinition[] = [donchian]
