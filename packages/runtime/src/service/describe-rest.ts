import type { TradingConfig } from '@tapedeck/contracts'
import type { BaseTables } from '@tapedeck/database'
import { tokenAuthenticator } from '../auth/index.ts'
import { noCache } from '../cache/index.ts'
import { type ConfigDefinition, type Environment, configHash } from '../config/index.ts'
import { createHttpServer } from '../http/index.ts'
import { createHealth } from '../lifecycle/index.ts'
import { createLogger } from '../logging/index.ts'
import { createMetrics } from '../metrics/index.ts'
import { systemClock } from '../ports/index.ts'
import { readConfig } from './read-config.ts'
import type { ServiceDefinition } from './service-definition.ts'
import { TAPEDECK_VERSION } from '@tapedeck/contracts'

/** Stands where a port would: can be passed on and taken apart, and throws when it is used. */
const inert = (name: string): never =>
  new Proxy(() => undefined, {
    get: (_target, key): unknown =>
      // What is awaited asks for `then`; a port is no promise.
      key === 'then' || typeof key === 'symbol' ? undefined : inert(`${name}.${key}`),
    apply: () => {
      throw new Error(
        `${name} was used while routes were described; use it in a handler or in start`,
      )
    },
  }) as never

/**
 * The OpenAPI 3.1 document of a service, as it would serve it at `/openapi.json`: its routes are built and
 * nothing is opened. Throws when building uses a port.
 */
export const describeRest = async <D extends ConfigDefinition, Tables extends BaseTables>(
  definition: ServiceDefinition<D, Tables>,
  env: Environment,
  trading: TradingConfig,
): Promise<string> => {
  const { name } = definition
  const logger = createLogger({
    level: 'silent',
    format: 'json',
    instanceId: 'describe',
    environment: 'describe',
  })
  const health = createHealth(systemClock)
  const metrics = createMetrics(name, TAPEDECK_VERSION)
  const producer = {
    service: name,
    version: TAPEDECK_VERSION,
    config_hash: configHash(definition.decides(trading)),
  }
  const parts = await definition.build({
    name,
    config: readConfig(definition, env),
    trading,
    producer,
    clock: systemClock,
    logger,
    metrics,
    health,
    bus: inert('bus'),
    db: inert('db'),
    cache: noCache,
    stopping: new AbortController().signal,
    fail: inert('fail'),
  })
  const routes = parts.routes?.(null)
  const http = createHttpServer({
    info: { service: name, version: TAPEDECK_VERSION, commit: null, configHash: null },
    logger,
    metrics,
    health,
    authenticate: parts.authenticate ?? tokenAuthenticator(inert('tokens')),
    idempotency: inert('idempotency'),
    ...(routes === undefined ? {} : { routes }),
  })
  try {
    return (await http.app.inject({ url: '/openapi.json' })).body
  } finally {
    await http.close()
    await parts.stop?.()
  }
}
