import { hostname } from 'node:os'
import type { BaseTables } from '@tapedeck/database'
import { type ConfigDefinition, type Environment, loadTradingConfig } from '../config/index.ts'
import { type Main, runMain } from '../lifecycle/index.ts'
import { createLogger } from '../logging/index.ts'
import { type HostPorts, type Service, createService } from './create-service.ts'
import { readConfig } from './read-config.ts'
import type { ServiceDefinition } from './service-definition.ts'

/** Builds a service from the variables that it reads. Throws `CONFIG_INVALID` naming every bad one. */
export const serviceFromEnvironment = <D extends ConfigDefinition, Tables extends BaseTables>(
  definition: ServiceDefinition<D, Tables>,
  env: Environment,
  ports: HostPorts,
): Service => createService(definition, readConfig(definition, env), ports)

/** A supervised service whose supervisor has been killed would go on with nobody to stop it. */
const endWithSupervisor = (main: Main): void => {
  if (process.send === undefined) return
  const leave = (): void => main.stop('the supervisor is gone')
  process.once('disconnect', leave)
  if (!process.connected) leave()
}

/** All that a service's `main.ts` does: read the environment, build the service, run it until a signal. */
export const runService = <D extends ConfigDefinition, Tables extends BaseTables>(
  definition: ServiceDefinition<D, Tables>,
): void => {
  runMain(async (main) => {
    const config = readConfig(definition, process.env)
    const logger = createLogger({
      level: config.TAPEDECK_LOG_LEVEL,
      format: config.TAPEDECK_LOG_FORMAT,
      instanceId: `${hostname()}-${process.pid}`,
      environment: process.env['NODE_ENV'] ?? 'development',
    })
    main.useLogger(logger)
    const service = createService(definition, config, {
      trading: loadTradingConfig(config.TAPEDECK_CONFIG),
      logger,
      fail: () => process.exit(1),
    })
    main.onStop(definition.name, async () => await service.stop())
    endWithSupervisor(main)
    const { url } = await service.start()
    // A supervisor learns from this where the service listens.
    if (process.connected) process.send?.({ event: 'started', service: definition.name, url })
  })
}
