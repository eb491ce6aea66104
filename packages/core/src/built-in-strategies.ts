import { donchian, type StrategyDefinition } from './strategy/index.ts'
import { turtle } from './turtle/index.ts'

/** Strategies on bars that come with the product, by the name that `--strategy` takes. */
export const BUILT_IN_STRATEGIES: readonly StrategyDefinition[] = [donchian, turtle]
