/**
 * Configuration of a process (environment) and of trading (one YAML file).
 *
 * Entry points: `defineConfig` and `loadConfig` for the environment, `loadTradingConfig` and
 * `configHash` for what decisions depend on. Invariants: unknown keys are errors, every problem is
 * named in one `CONFIG_INVALID`, secrets are never printed and have no default.
 */
export {
  BASE_CONFIG,
  CONFIG_PREFIXES,
  SigningSecret,
  flag,
  urlOf,
  wholeNumber,
} from './base-config.ts'
export type { ConfigProblem } from './config-problem.ts'
export {
  defineConfig,
  describeConfig,
  type ConfigDefinition,
  type ConfigKey,
  type ConfigOf,
  type ConfigRow,
} from './define-config.ts'
export { loadConfig, type Environment, type LoadConfigOptions } from './load-config.ts'
export { loadTradingConfig, parseTradingConfig } from './load-trading-config.ts'
export { configHash } from '@tapedeck/contracts'
