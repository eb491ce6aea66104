import { randomUUID } from 'node:crypto'
import type { Producer, TradingConfig } from '@tapedeck/contracts'
import { type Bus, connectBus } from '@tapedeck/bus'
import {
  type BaseTables,
  type Database,
  type Transaction,
  openDatabase,
  serviceNames,
} from '@tapedeck/database'
import { createAccessTokens, tokenAuthenticator } from '../auth/index.ts'
import { type Cache, connectCache, noCache } from '../cache/index.ts'
import { type ConfigDefinition, type ConfigOf, configHash } from '../config/index.ts'
import { createHttpServer } from '../http/index.ts'
import { type Health, createHealth, createStopStack, retryForever } from '../lifecycle/index.ts'
import { type Logger, serviceLogger } from '../logging/index.ts'
import { type Metrics, createMetrics } from '../metrics/index.ts'
import { type Clock, systemClock } from '../ports/index.ts'
import { type Processing, type ReaderPort, Shell, batonSubject } from '../processing/index.ts'
import { holdLease } from './hold-lease.ts'
import { idempotencyStore } from './idempotency-store.ts'
import { postgresStore } from './postgres-store.ts'
import { processingMetrics } from './processing-metrics.ts'
import type {
  BaseConfig,
  ServiceContext,
  ServiceDefinition,
  ServiceParts,
  ShellOf,
} from './service-definition.ts'
import { TAPEDECK_VERSION } from './version.ts'

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

/** What whoever plays the source asks: go on up to here; wait for me from now on, or no longer. */
interface BatonRequest {
  readonly up_to: number
  readonly lockstep?: boolean
}

const CHECKPOINT_MS = 5_000
const CHECKPOINT_MESSAGES = 20_000
const POOL_MAX = 4

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
      parts.processing === undefined ? null : await this.#shell(context, parts.processing)
    const url = await this.#listen(context, parts, shell)
    if (shell !== null) {
      await shell.start()
      this.#stops.push('shell', async () => await shell.stop())
      this.#takeBaton(context.bus, shell)
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
    const failures = await this.#stops.run(10_000)
    for (const { name, error } of failures)
      this.#logger.error(
        { event: 'stop_failed', part: name, err: error },
        'a part did not stop in order',
      )
  }

  async #open(): Promise<ServiceContext<D, Tables>> {
    const bus = await this.#openBus()
    const db = await this.#openDatabase()
    const cache = this.#openCache()
    return {
      name: this.#definition.name,
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

  async #openBus(): Promise<Bus> {
    const { NATS_URL, NATS_USER, NATS_PASSWORD } = this.#config
    const bus = await connectBus({
      servers: NATS_URL.split(',').map((url) => url.trim()),
      name: this.name,
      ...(NATS_USER === undefined ? {} : { user: NATS_USER }),
      ...(NATS_PASSWORD === undefined ? {} : { pass: NATS_PASSWORD }),
      logger: this.#logger,
      signal: this.#abort.signal,
      onStatus: (status, detail) =>
        this.health.set(
          'nats',
          status === 'connected',
          detail === '' ? status : `${status}: ${detail}`,
        ),
    })
    this.health.set('nats', true, `connected to nats-server ${bus.serverVersion()}`)
    this.#stops.push('nats', async () => await bus.close())
    return bus
  }

  async #openDatabase(): Promise<Database<Tables>> {
    const db = openDatabase<Tables>({
      url: this.#config.POSTGRES_URL,
      schema: serviceNames(this.name).schema,
      applicationName: this.name,
      maxConnections: POOL_MAX,
      logger: this.#logger,
    })
    this.#stops.push('postgres', async () => await db.close())
    await retryForever(
      async () => {
        const { ok, reason } = await db.ready()
        this.health.set('postgres', ok, reason ?? 'ok')
        if (!ok) throw new Error(reason ?? 'not ready')
      },
      {
        name: 'postgres',
        clock: this.#clock,
        signal: this.#abort.signal,
        onWait: ({ error }) =>
          this.#logger.warn({ event: 'postgres_awaited', err: error }, 'waiting for Postgres'),
      },
    )
    return db
  }

  #openCache(): Cache {
    if (this.#config.REDIS_URL === undefined) return noCache
    const cache = connectCache({
      url: this.#config.REDIS_URL,
      prefix: `tapedeck:${this.name}:`,
      clock: this.#clock,
      logger: this.#logger,
    })
    this.#stops.push('redis', async () => await cache.close())
    return cache
  }

  /** The loop over the tape, with the lease where the service acts on the outside world. */
  async #shell(
    context: ServiceContext<D, Tables>,
    processing: Processing<Transaction<Tables>>,
  ): Promise<ShellOf<Tables>> {
    const { bus, db } = context
    const held =
      processing.kind === 'durable'
        ? await holdLease({
            db,
            name: this.name,
            holder: `${this.name}-${randomUUID()}`,
            clock: this.#clock,
            signal: this.#abort.signal,
            onWait: (reason) => this.health.set('lease', false, reason),
            onLost: (error) => this.#fail(error),
          })
        : null
    if (held !== null) {
      this.health.set('lease', true)
      this.#stops.push('lease', async () => await held.release())
    }
    const store = postgresStore(db, {
      kind: processing.kind,
      lease: () => held?.lease ?? null,
      clock: this.#clock,
      signal: this.#abort.signal,
      onWait: (attempt, error) =>
        this.health.set('postgres', false, `attempt ${attempt}: ${String(error)}`),
    })
    return new Shell(
      processing,
      {
        tape: bus.tape,
        reader: this.#ports.reader ?? { read: (options) => bus.tape.read(options) },
        store: {
          ...store,
          commit: async (effects) => {
            await store.commit(effects)
            this.health.set('postgres', true)
          },
        },
        deadLetter: async ({ reason, detail, attempts, message }) =>
          await bus.deadLetter(this.#definition.name, {
            reason,
            detail,
            attempts,
            subject: message.subject,
            seq: message.seq,
            bytes: message.bytes,
          }),
        metrics: processingMetrics(this.#metrics),
        log: (level, event, fields) => this.#logger[level]({ event, ...fields }, event),
        now: () => this.#clock.now(),
        onFatal: (error) => this.#fail(error),
      },
      {
        producer: this.#producer,
        checkpointMs: CHECKPOINT_MS,
        checkpointMessages: CHECKPOINT_MESSAGES,
      },
    )
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
      idempotency: idempotencyStore(context.db),
      ...(routes === undefined ? {} : { routes }),
    })
    const url = await http.listen({
      host: this.#config.TAPEDECK_HOST,
      port: this.#config.TAPEDECK_PORT,
    })
    this.#stops.push('http', async () => await http.close())
    return url
  }

  /** Lockstep: whoever plays the source asks each service in turn to go on. */
  #takeBaton(bus: Bus, shell: ShellOf<Tables>): void {
    const leave = bus.respond(batonSubject(this.#definition.name), async (data) => {
      const { up_to: upTo, lockstep } = JSON.parse(new TextDecoder().decode(data)) as BatonRequest
      if (lockstep !== undefined) shell.hold(lockstep)
      return new TextEncoder().encode(JSON.stringify(await shell.advance(upTo)))
    })
    this.#stops.push('baton', leave)
  }

  #fail(error: unknown): void {
    this.health.set('started', false, String(error))
    this.#logger.fatal({ event: 'service_failed', err: error }, 'the service cannot go on')
    this.#ports.fail(this.name, error)
  }
}
