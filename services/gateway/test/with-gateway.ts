import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import { type Bus, connectBus } from '@tapedeck/bus'
import { type MessageType, type ServiceName, subjectOf, scopeOf } from '@tapedeck/contracts'
import { provisionService } from '@tapedeck/database'
import { createLogger, loadTradingConfig, serviceFromEnvironment } from '@tapedeck/runtime'
import { makeTestFolder, removeTestFolder, withNats, withPostgres } from '@tapedeck/testkit'
import { gatewayService } from '../src/index.ts'

export const SECRET = randomBytes(36).toString('base64url')
const REPOSITORY = join(import.meta.dirname, '..', '..', '..')
const START_MS_MAX = 600_000

export interface Gateway {
  readonly url: string
  /** The administrator key of the first start. */
  readonly key: string
  stop(): Promise<void>
}

export interface Stack {
  readonly folder: string
  readonly bus: Bus
  /** Starts a gateway on the servers of this file. */
  start(extra?: Readonly<Record<string, string>>): Promise<Gateway>
}

const readKey = (file: string): string => readFileSync(file, 'utf8').trim()

/** Real NATS and Postgres for the tests of this file, with everything provisioned that a gateway needs. */
export const withStack = (urls: () => Partial<Record<ServiceName, string>>): (() => Stack) => {
  const folder = makeTestFolder('gateway')
  const running: Gateway[] = []
  let bus: Bus | null = null
  let postgresUrl = ''

  // Before the servers' own, which run in the order of these lines: nobody is to miss a server at the end.
  afterAll(async () => {
    await Promise.all(running.map(async (gateway) => await gateway.stop()))
    await bus?.close()
    removeTestFolder(folder)
  }, START_MS_MAX)

  const nats = withNats()
  const postgres = withPostgres()

  beforeAll(async () => {
    bus = await connectBus({ servers: nats().url, name: 'test', ...nats().login('admin') })
    await bus.tape.provision({ maxBytes: 500_000_000 })
    const { migrations, name: service } = gatewayService
    const password = randomBytes(12).toString('hex')
    ;({ url: postgresUrl } = await provisionService({
      adminUrl: postgres().url,
      service,
      password,
      migrations,
    }))
  }, START_MS_MAX)

  const start: Stack['start'] = async (extra = {}) => {
    const { user, pass } = nats().login('gateway')
    const keyFile = join(folder, 'operator-key')
    const listed = Object.entries(urls()).map(([name, url]) => `${name}=${url}`)
    const service = serviceFromEnvironment(
      gatewayService,
      {
        NATS_URL: nats().url,
        NATS_USER: user,
        NATS_PASSWORD: pass,
        POSTGRES_URL: postgresUrl,
        TAPEDECK_JWT_SECRET: SECRET,
        TAPEDECK_API_KEY_PEPPER: SECRET,
        TAPEDECK_SERVICE_URLS: listed.join(','),
        TAPEDECK_FIRST_KEY_FILE: keyFile,
        ...extra,
      },
      {
        trading: loadTradingConfig(join(REPOSITORY, 'config', 'tapedeck.yaml')),
        logger: createLogger({
          level: 'fatal',
          format: 'json',
          instanceId: 'test',
          environment: 'test',
        }),
        fail: (_name, error) => {
          throw error
        },
      },
    )
    const { url } = await service.start()
    const gateway = { url, key: readKey(keyFile), stop: async () => await service.stop() }
    running.push(gateway)
    return gateway
  }
  return () => ({ folder, bus: bus!, start })
}

type Envelope = Record<string, unknown> & { event_id: string; payload: Record<string, unknown> }
let made = 0

/** An example of a message as the contracts keep it, with some of its payload replaced and an id of its own. */
export const example = (type: MessageType, payload: object = {}, version = 1): Envelope => {
  const file = join(REPOSITORY, 'packages', 'contracts', 'fixtures', `${type}.v${version}.json`)
  const read = JSON.parse(readFileSync(file, 'utf8')) as Envelope
  made += 1
  const id = `00000000-0000-5000-8000-${String(made).padStart(12, '0')}`
  return { ...read, event_id: id, payload: { ...read.payload, ...payload } }
}

/** Appends envelopes in order; returns their places on the tape. */
export const append = async (bus: Bus, envelopes: readonly Envelope[]): Promise<number[]> =>
  await bus.tape.append(
    envelopes.map((envelope) => {
      const type = envelope['type'] as MessageType
      return {
        id: envelope.event_id,
        subject: subjectOf(type, scopeOf(type, envelope.payload)),
        bytes: Buffer.from(JSON.stringify(envelope)),
      }
    }),
  )
