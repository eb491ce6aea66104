import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import { type Environment, type Logger, createLogger, loadTradingConfig } from '@tapedeck/runtime'
import { hostServices } from './host-services.ts'
import { prepareStack } from './prepare-stack.ts'
import type { RunningServices } from './running-services.ts'
import {
  type EnvironmentOptions,
  assignPorts,
  serviceEnvironment,
  urlOfService,
} from './service-environment.ts'
import { type Servers, startServers } from './start-servers.ts'
import { type StackSecrets, stackSecrets } from './stack-secrets.ts'
import { superviseServices } from './supervise-services.ts'

export interface StackOptions {
  /** Everything that the stack keeps. */
  readonly dataDir: string
  /** The gateway's port; the others follow. 0 takes free ones. */
  readonly port: number
  readonly host: string
  /** One process each, supervised; else all in this process. */
  readonly split: boolean
  /** Beside ingest only these, in this process: for measurements of a part. Default: all. */
  readonly only?: readonly ServiceName[]
  readonly configPath: string
  readonly logLevel: string
  /** Servers named by the environment are used. Never for a replay: it needs a tape of its own. */
  readonly useEnvironment: boolean
  /** False where the data may be lost: tests and replays that are not kept. */
  readonly durable: boolean
  /** What ingest plays, as its variables. */
  readonly ingest: Environment
  /** Where orders go, as variables of execution: it alone has keys. */
  readonly execution?: Environment
  readonly onProgress: (text: string) => void
  /** A service cannot go on, or was started again. */
  readonly onEvent: (service: string, event: string) => void
}

export interface Stack {
  readonly servers: Servers
  readonly services: RunningServices
  readonly secrets: StackSecrets
  readonly urls: Readonly<Record<ServiceName, string>>
  /** Postgres URL of each service's role, for tools that read one service's tables. */
  readonly roleUrls: Readonly<Record<ServiceName, string>>
  /** Services in order, then the servers. `onStopped` hears of each part that has ended. */
  stop(onStopped?: (part: string) => void): Promise<void>
}

/** One log file for all services of this process; people see the progress instead. */
const stackLogger = (options: StackOptions): Logger =>
  createLogger({
    level: options.logLevel,
    format: 'json',
    instanceId: `${hostname()}-${process.pid}`,
    environment: 'development',
    file: join(options.dataDir, 'logs', 'tapedeck.log'),
  })

const startServices = async (
  options: StackOptions,
  env: EnvironmentOptions,
): Promise<RunningServices> => {
  const environment = (service: ServiceName): Environment => serviceEnvironment(service, env)
  if (options.split)
    return await superviseServices({
      logDir: join(options.dataDir, 'logs'),
      environment,
      onEvent: options.onEvent,
    })
  const ports = {
    trading: loadTradingConfig(options.configPath),
    logger: stackLogger(options),
    fail: (service: string, error: unknown) =>
      options.onEvent(service, `cannot go on: ${String(error)}`),
  }
  return await hostServices(env.servers, environment, ports, options.only)
}

/**
 * Starts servers, makes roles, tables and streams, starts all nine services, and returns when all
 * are ready. What was started is stopped again when a later part fails.
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const secrets = stackSecrets(join(options.dataDir, 'secrets.json'))
  options.onProgress('Starting NATS, Postgres and Redis')
  const servers = await startServers(options)
  try {
    options.onProgress('Preparing roles, tables and streams')
    const roleUrls = await prepareStack(servers, secrets)
    const env: EnvironmentOptions = {
      servers,
      roleUrls,
      secrets,
      host: options.host,
      ports: await assignPorts(options.port),
      configPath: resolve(options.configPath),
      logLevel: options.logLevel,
      extra: {
        ingest: options.ingest,
        execution: options.execution ?? {},
        journal: { TAPEDECK_ARCHIVE_DIR: resolve(options.dataDir, 'archive') },
        gateway: { TAPEDECK_FIRST_KEY_FILE: resolve(options.dataDir, 'operator-key') },
      },
    }
    options.onProgress('Starting the services')
    const services = await startServices(options, env)
    return {
      servers,
      services,
      secrets,
      roleUrls,
      urls: Object.fromEntries(SERVICES.map((name) => [name, urlOfService(name, env)])) as Record<
        ServiceName,
        string
      >,
      stop: async (onStopped = () => {}) => {
        await services.stop(onStopped)
        await servers.stop(onStopped)
      },
    }
  } catch (error) {
    await servers.stop()
    throw error
  }
}
