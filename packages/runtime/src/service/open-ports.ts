import { type Bus, connectBus } from '@tapedeck/bus'
import { type BaseTables, type Database, openDatabase, serviceNames } from '@tapedeck/database'
import { type Cache, connectCache } from '../cache/index.ts'
import { type Health, type StopStack, retryForever } from '../lifecycle/index.ts'
import type { Logger } from '../logging/index.ts'
import type { Clock } from '../ports/index.ts'
import type { BaseConfig } from './service-definition.ts'

/** What opening a port needs to know of its service, and where it reports and leaves its end. */
export interface Opening {
  readonly name: string
  readonly config: BaseConfig
  readonly clock: Clock
  readonly logger: Logger
  readonly health: Health
  readonly stops: StopStack
  readonly signal: AbortSignal
}

const POOL_MAX = 4

/** NATS; waits for it, and reports every change of the connection. */
export const openBus = async ({
  name,
  config,
  logger,
  health,
  stops,
  signal,
}: Opening): Promise<Bus> => {
  const { NATS_URL, NATS_USER, NATS_PASSWORD } = config
  const bus = await connectBus({
    servers: NATS_URL.split(',').map((url) => url.trim()),
    name,
    ...(NATS_USER === undefined ? {} : { user: NATS_USER }),
    ...(NATS_PASSWORD === undefined ? {} : { pass: NATS_PASSWORD }),
    logger,
    signal,
    onStatus: (status, detail) =>
      health.set('nats', status === 'connected', detail === '' ? status : `${status}: ${detail}`),
    onTape: (problem) => health.set('tape', problem === null, problem ?? 'ok'),
  })
  health.set('nats', true, `connected to nats-server ${bus.serverVersion()}`)
  stops.push('nats', async () => await bus.close())
  return bus
}

/** The service's own schema; waits until it can be reached. */
export const openTables = async <Tables extends BaseTables>({
  name,
  config,
  clock,
  logger,
  health,
  stops,
  signal,
}: Opening): Promise<Database<Tables>> => {
  const db = openDatabase<Tables>({
    url: config.POSTGRES_URL,
    schema: serviceNames(name).schema,
    applicationName: name,
    maxConnections: POOL_MAX,
    logger,
  })
  stops.push('postgres', async () => await db.close())
  const attempt = async (): Promise<void> => {
    const { ok, reason } = await db.ready()
    health.set('postgres', ok, reason ?? 'ok')
    if (!ok) throw new Error(reason ?? 'not ready')
  }
  await retryForever(attempt, {
    name: 'postgres',
    clock,
    signal,
    onWait: ({ error }) =>
      logger.warn({ event: 'postgres_awaited', err: error }, 'waiting for Postgres'),
  })
  return db
}

/** Redis, where there is one. Never waited for. */
export const openCache = ({ name, config, clock, logger, health, stops }: Opening): Cache => {
  const cache = connectCache({
    url: config.REDIS_URL,
    prefix: `tapedeck:${name}:`,
    clock,
    logger,
    health,
  })
  stops.push('redis', async () => await cache.close())
  return cache
}
