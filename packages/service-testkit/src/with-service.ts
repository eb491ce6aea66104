import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import { type Bus, connectBus } from '@tapedeck/bus'
import { type Message, type MessageType, READS, decode } from '@tapedeck/contracts'
import { type BaseTables, type Database, openDatabase, provisionService } from '@tapedeck/database'
import {
  type ConfigDefinition,
  type Environment,
  type Role,
  type Service,
  type ServiceDefinition,
  batonSubject,
  createAccessTokens,
  createLogger,
  loadTradingConfig,
  serviceFromEnvironment,
  systemClock,
} from '@tapedeck/runtime'
import { makeTestFolder, removeTestFolder, withNats, withPostgres } from '@tapedeck/testkit'
import { sealed } from './golden.ts'

const CONFIG_FILE = join(import.meta.dirname, '../../../config/tapedeck.yaml')
const START_MS_MAX = 600_000
const ADVANCE_MS_MAX = 100_000

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown> & { readonly data?: Record<string, unknown>[] }
}

export interface TestedService<Tables> {
  readonly url: string
  /** The service's own role on its own schema. */
  readonly db: Database<Tables>
  readonly bus: Bus
  /** A folder that is removed at the end. */
  readonly folder: string
  /** Puts messages on the tape, and waits until the service has handled them and what it read of its own. */
  tell(messages: readonly Message[]): Promise<void>
  /** What lies on the tape of a type, oldest first. */
  onTape<T extends MessageType>(type: T): Promise<Message<T>[]>
  /** Calls a route as somebody with a role; null as nobody. */
  call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    options?: {
      readonly body?: object
      readonly headers?: Readonly<Record<string, string>>
      readonly role?: Role | null
    },
  ): Promise<Answer>
  /**
   * Waits until everything of ours on the tape was handled, and a checkpoint is left. `between` runs while
   * the service is down.
   */
  restart(between?: () => Promise<void>): Promise<void>
}

/** A service on servers of its own, started before the first test of the file and stopped at its end. */
export const withService = <D extends ConfigDefinition, Tables extends BaseTables>(
  definition: ServiceDefinition<D, Tables>,
  extra: (folder: string) => Environment = () => ({}),
): (() => TestedService<Tables>) => {
  const folder = makeTestFolder(definition.name)
  let running: Running<D, Tables> | null = null
  // Registered before the servers' own ends, so that nobody misses a server.
  afterAll(async () => {
    await running?.stop()
    removeTestFolder(folder)
  }, START_MS_MAX)
  const nats = withNats()
  const postgres = withPostgres()
  beforeAll(async () => {
    const bus = await connectBus({ servers: nats().url, name: 'test', ...nats().login('admin') })
    await bus.tape.provision({ maxBytes: 200_000_000 })
    const { url, schema } = await provisionService({
      adminUrl: postgres().url,
      service: definition.name,
      password: randomBytes(12).toString('hex'),
      migrations: definition.migrations,
    })
    const db = openDatabase<Tables>({ url, schema, applicationName: 'test', maxConnections: 2 })
    const { user, pass } = nats().login(definition.name)
    running = new Running(definition, bus, db, folder, {
      NATS_URL: nats().url,
      NATS_USER: user,
      NATS_PASSWORD: pass,
      POSTGRES_URL: url,
      TAPEDECK_JWT_SECRET: randomBytes(36).toString('base64url'),
      ...extra(folder),
    })
    await running.start()
  }, START_MS_MAX)
  return () => {
    if (running === null) throw new Error('the service is started before the first test')
    return running
  }
}

class Running<
  D extends ConfigDefinition,
  Tables extends BaseTables,
> implements TestedService<Tables> {
  readonly bus: Bus
  readonly db: Database<Tables>
  readonly folder: string
  url = ''
  readonly #definition: ServiceDefinition<D, Tables>
  readonly #env: Environment
  #service: Service | null = null

  constructor(
    definition: ServiceDefinition<D, Tables>,
    bus: Bus,
    db: Database<Tables>,
    folder: string,
    env: Environment,
  ) {
    this.#definition = definition
    this.bus = bus
    this.db = db
    this.folder = folder
    this.#env = env
  }

  async start(): Promise<void> {
    this.#service = serviceFromEnvironment(this.#definition, this.#env, {
      trading: loadTradingConfig(CONFIG_FILE),
      logger: createLogger({
        level: 'fatal',
        format: 'json',
        instanceId: 'test',
        environment: 'test',
      }),
      fail: (_name, error) => {
        throw error
      },
    })
    ;({ url: this.url } = await this.#service.start())
  }

  async stop(): Promise<void> {
    await this.#service?.stop()
    await this.db.close()
    await this.bus.close()
  }

  async restart(between?: () => Promise<void>): Promise<void> {
    await this.#service?.stop()
    await between?.()
    await this.start()
  }

  async tell(messages: readonly Message[]): Promise<void> {
    await this.bus.tape.append(
      sealed(messages).map(({ subject, eventId: id, bytes }) => ({ subject, id, bytes })),
    )
    await this.#settle()
  }

  /** Until nothing waits that the service reads: what it appends, it may read itself. */
  async #settle(): Promise<void> {
    for (let done = 0; ;) {
      const upTo = await this.#lastRead()
      if (upTo <= done) return
      await this.bus.request(
        batonSubject(this.#definition.name),
        new TextEncoder().encode(JSON.stringify({ up_to: upTo })),
        ADVANCE_MS_MAX,
      )
      done = upTo
    }
  }

  async #lastRead(): Promise<number> {
    const last = await Promise.all(
      READS[this.#definition.name].map(
        async (type) => (await this.bus.tape.lastOf(`tape.${type}.>`))?.seq ?? 0,
      ),
    )
    return Math.max(0, ...last)
  }

  async onTape<T extends MessageType>(type: T): Promise<Message<T>[]> {
    const filter = `tape.${type}.>`
    const last = await this.bus.tape.lastOf(filter)
    if (last === null) return []
    const found: Message<T>[] = []
    const { promise, resolve } = Promise.withResolvers<void>()
    const reading = this.bus.tape.read({
      after: 0,
      subjects: [filter],
      onBatch: (batch) => {
        for (const raw of batch) {
          const decoded = decode(raw.bytes)
          if (decoded.ok) found.push(decoded.envelope as Message<T>)
        }
        if (batch.at(-1)!.seq >= last.seq) resolve()
        return Promise.resolve()
      },
    })
    await promise
    await reading.stop()
    return found
  }

  call: TestedService<Tables>['call'] = async (method, path, options = {}) => {
    const { body, headers = {}, role = 'admin' } = options
    const tokens = createAccessTokens(this.#env['TAPEDECK_JWT_SECRET']!, systemClock)
    const token = role === null ? null : (await tokens.mint({ id: 'anna', role })).token
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Answer['body'],
    }
  }
}
