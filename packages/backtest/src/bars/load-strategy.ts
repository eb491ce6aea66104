import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { TapedeckError } from '@tapedeck/contracts'
import {
  BUILT_IN_STRATEGIES,
  checkStrategyDefinition,
  type StrategyDefinition,
} from '@tapedeck/core'

const isPath = (strategy: string): boolean => /[/\\]|\.[cm]?[jt]s$/.test(strategy)

const fromModule = async (path: string): Promise<StrategyDefinition> => {
  let made: unknown
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    made = module.default
  } catch (cause) {
    throw new TapedeckError(
      'STRATEGY_INVALID',
      `${path} cannot be loaded: ${Error.isError(cause) ? cause.message : String(cause)}`,
      { cause },
    )
  }
  return checkStrategyDefinition(made, path)
}

/**
 * A strategy on bars: a built-in one by its name, or the default export of a module by its path (relative to
 * where the process stands). Throws STRATEGY_INVALID for an unknown name, a module that cannot be
 * loaded, and one that exports something else.
 */
export const loadStrategy = async (strategy: string): Promise<StrategyDefinition> => {
  if (isPath(strategy)) return await fromModule(resolve(strategy))
  const known = BUILT_IN_STRATEGIES.find(({ name }) => name === strategy)
  if (known !== undefined) return known
  const names = BUILT_IN_STRATEGIES.map(({ name }) => name).join(', ')
  throw new TapedeckError(
    'STRATEGY_INVALID',
    `there is no strategy ${strategy}; on bars there are ${names}, and paths of modules such as ./my-strategy.ts`,
  )
}
