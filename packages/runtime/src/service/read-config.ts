import type { BaseTables } from '@tapedeck/database'
import {
  BASE_CONFIG,
  CONFIG_PREFIXES,
  type ConfigDefinition,
  type ConfigOf,
  type Environment,
  loadConfig,
} from '../config/index.ts'
import type { BaseConfig, ServiceDefinition } from './service-definition.ts'

/** What a service reads from the environment. Throws `CONFIG_INVALID` naming every bad variable. */
export const readConfig = <D extends ConfigDefinition, Tables extends BaseTables>(
  definition: ServiceDefinition<D, Tables>,
  env: Environment,
): BaseConfig & ConfigOf<D> =>
  loadConfig({ ...BASE_CONFIG, ...definition.config }, env, {
    prefixes: CONFIG_PREFIXES,
  }) as BaseConfig & ConfigOf<D>
