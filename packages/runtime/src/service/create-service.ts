import type { Producer, TradingConfig } from '@tapedeck/contracts'
import type { BaseTables } from '@tapedeck/database'
import { createAccessTokens, tokenAuthenticator } from '../auth/index.ts'
import { type ConfigDefinition, type ConfigOf, configHash } from '../config/index.ts'
import { createHttpServer, postgresIdempotency } from '../http/index.ts'
import { type Health, createHealth, createStopStack } from '../lifecycle/index.ts'
import { type Logger, serviceLogger } from '../logging/index.ts'
import { type Metrics, createMetrics } from '../metrics/index.ts'
import { type Clock, systemClock } from '../ports/index.ts'
import type { ReaderPort } from '../processing/index.ts'
import { hostShell } from './host-shell.ts'
import { openBus, openCache, openTables } from './open-ports.ts'
import type {
  BaseConfig,
  ServiceContext,
  ServiceDefinition,
  ServiceParts,
  ShellOf,
} from './service-definition.ts'
import { takeBaton } from './take-baton.ts'
import { TAPEDECK_VERSION } from '@tapedeck/contracts'

/** What the services of one process share. */
export interface HostPorts {
  readonly trading: TradingConfig
  readonly logger: Logger
  /** A reader that several services share; without it each service reads for itself. */
  readonly reader?: ReaderPort
  /** Ends the process; called when a service cannot go on. */
  readonly fail: (service: string, error: unknown) => void
}

export interface Service {
  readonly name: string
  readonly health: Health
  /** Starts and returns once the service listens and reads. Waits for servers that are away. */
  start(): Promise<{ readonly url: string }>
  /** Stops in order. Safe to call twice, and during the start. */
  stop(): Promise<void>
}

const STOP_MS_MAX = 10_000

/**
 * Builds a service from its definition. Nothing starts until `start`; so one process can host one
 * service or all of them, with the same code and the same contracts.
 */
export const createService = <D extends ConfigDefinition, Tables extends BaseTables>(
  definition: ServiceDefinition<D, Tables>,
  config: BaseConfig & ConfigOf<D>,
  ports: HostPorts,
): Service => new HostedService(definition, config, ports)

class HostedService<D extends ConfigDefinition, Tables extends BaseTables> implements Service {
  readonly health: Health
  readonly #definition: ServiceDefinition<D, Tables>
  readonly #config: BaseConfig & ConfigOf<D>
  readonly #ports: HostPorts
  readonly #clock: Clock = systemClock
  readonly #logger: Logger
  readonly #metrics: Metrics
  readonly #producer: Producer
  readonly #abort = new AbortController()
  readonly #stops = createStopStack(systemClock)
  #stopping: Promise<void> | null = null

  constructor(
    definition: ServiceDefinition<D, Tables>,
    config: BaseConfig & ConfigOf<D>,
    ports: HostPorts,
  ) {
    this.#definition = definition
    this.#config = config
    this.#ports = ports
    this.health = createHealth(systemClock)
    for (const check of ['nats', 'postgres', 'started']) this.health.expect(check)
    this.#logger = serviceLogger(ports.logger, definition.name, TAPEDECK_VERSION)
    this.#metrics = createMetrics(definition.name, TAPEDECK_VERSION)
    this.#producer = {
      service: definition.name,
      version: TAPEDECK_VERSION,
      config_hash: configHash(definition.decides(ports.trading)),
    }
  }

  get name(): string {
    return this.#definition.name
  }

  async start(): Promise<{ url: string }> {
    const context = await this.#open()
    const parts = await this.#definition.build(context)
    const shell =
      parts.processing === undefined
        ? null
        : await hostShell(context, parts.processing, {
            health: this.health,
            stops: this.#stops,
            reader: this.#ports.reader,
          })
    const url = await this.#listen(context, parts, shell)
    if (shell !== null) {
      await shell.start()
      this.#stops.push('shell', async () => await shell.stop())
      this.#stops.push('baton', takeBaton(this.#definition.name, context.bus, shell))
    }
    await parts.start?.(shell)
    if (parts.stop !== undefined) this.#stops.push(`${this.name} itself`, parts.stop)
    this.health.set('started', true)
    this.#logger.info({ event: 'service_started', url }, 'service started')
    this.#stops.push('readiness', () => this.health.drain())
    return { url }
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#end()
    await this.#stopping
  }

  async #end(): Promise<void> {
    this.#abort.abort()
    const failures = await this.#stops.run(STOP_MS_MAX)
    for (const { name, error } of failures)
      this.#logger.error(
        { event: 'stop_failed', part: name, err: error },
        'a part did not stop in order',
      )
  }

  async #open(): Promise<ServiceContext<D, Tables>> {
    const { name } = this.#definition
    const opening = {
      name,
      config: this.#config,
      clock: this.#clock,
      logger: this.#logger,
      health: this.health,
      stops: this.#stops,
      signal: this.#abort.signal,
    }
    const bus = await openBus(opening)
    const db = await openTables<Tables>(opening)
    const cache = openCache(opening)
    return {
      name,
      config: this.#config,
      trading: this.#ports.trading,
      producer: this.#producer,
      clock: this.#clock,
      logger: this.#logger,
      metrics: this.#metrics,
      health: this.health,
      bus,
      db,
      cache,
      stopping: this.#abort.signal,
      fail: (error) => this.#fail(error),
    }
  }

  async #listen(
    context: ServiceContext<D, Tables>,
    parts: ServiceParts<Tables>,
    shell: ShellOf<Tables> | null,
  ): Promise<string> {
    const tokens = createAccessTokens(this.#config.TAPEDECK_JWT_SECRET, this.#clock)
    const routes = parts.routes?.(shell)
    const http = createHttpServer({
      info: {
        service: this.name,
        version: TAPEDECK_VERSION,
        commit: null,
        configHash: this.#producer.config_hash,
      },
      logger: this.#logger,
      metrics: this.#metrics,
      health: this.health,
      authenticate: parts.authenticate ?? tokenAuthenticator(tokens),
      idempotency: postgresIdempotency(context.db),
      ...(routes === undefined ? {} : { routes }),
    })
    const url = await http.listen({
      host: this.#config.TAPEDECK_HOST,
      port: this.#config.TAPEDECK_PORT,
    })
    this.#stops.push('http', async () => await http.close())
    return url
  }

  #fail(error: unknown): void {
    this.health.set('started', false, String(error))
    this.#logger.fatal({ event: 'service_failed', err: error }, 'the service cannot go on')
    this.#ports.fail(this.name, error)
  }
}
