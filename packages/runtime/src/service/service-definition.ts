import type { Producer, ServiceName, TradingConfig } from '@tapedeck/contracts'
import type { Bus } from '@tapedeck/bus'
import type { BaseTables, Database, Migrations, Transaction } from '@tapedeck/database'
import type { Authenticator } from '../auth/index.ts'
import type { Cache } from '../cache/index.ts'
import type { BASE_CONFIG, ConfigDefinition, ConfigOf } from '../config/index.ts'
import type { Routes } from '../http/index.ts'
import type { Health } from '../lifecycle/index.ts'
import type { Logger } from '../logging/index.ts'
import type { MetricDefinitions, Metrics } from '../metrics/index.ts'
import type { Clock } from '../ports/index.ts'
import type { Processing, Shell } from '../processing/index.ts'

export type BaseConfig = ConfigOf<typeof BASE_CONFIG>

/** What a service is given: everything from outside, opened and ready. */
export interface ServiceContext<D extends ConfigDefinition, Tables extends BaseTables> {
  readonly name: ServiceName
  readonly config: BaseConfig & ConfigOf<D>
  readonly trading: TradingConfig
  readonly producer: Producer
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly health: Health
  readonly bus: Bus
  readonly db: Database<Tables>
  readonly cache: Cache
  /** Aborts when the stop begins. */
  readonly stopping: AbortSignal
  /** Ends the process: the service cannot go on. */
  readonly fail: (error: unknown) => void
}

export type ShellOf<Tables extends BaseTables> = Shell<Transaction<Tables>>

/** What a service consists of. Nothing here has started yet. */
export interface ServiceParts<Tables extends BaseTables> {
  /** Absent for services that read no tape through a brain (ingest, gateway). */
  readonly processing?: Processing<Transaction<Tables>>
  readonly routes?: (shell: ShellOf<Tables> | null) => Routes
  /** Replaces access tokens as the way in (the gateway also takes API keys). */
  readonly authenticate?: Authenticator
  /** Begins what the service does by itself, after recovery and before it is ready. */
  readonly start?: (shell: ShellOf<Tables> | null) => Promise<void>
  /** Ends it. Called before the shell stops. */
  readonly stop?: () => Promise<void>
}

/** A service: its name, its keys, its tables, and how it is built. Defining one starts nothing. */
export interface ServiceDefinition<
  D extends ConfigDefinition = ConfigDefinition,
  Tables extends BaseTables = BaseTables,
> {
  readonly name: ServiceName
  /** Keys beside `BASE_CONFIG`. */
  readonly config: D
  readonly migrations: Migrations
  /** Measures of its own, as data: what it registers, and what the reference lists. */
  readonly metrics?: MetricDefinitions
  /** The sections of the trading configuration that its decisions depend on. Their hash is in its envelopes. */
  decides(trading: TradingConfig): unknown
  build(context: ServiceContext<D, Tables>): Promise<ServiceParts<Tables>> | ServiceParts<Tables>
}
