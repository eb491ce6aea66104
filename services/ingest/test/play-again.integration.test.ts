import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { connectBus } from '@tapedeck/bus'
import { type Trades, decode } from '@tapedeck/contracts'
import { openDatabase, provisionService, sql } from '@tapedeck/database'
import {
  type Environment,
  type Service,
  createLogger,
  loadTradingConfig,
  serviceFromEnvironment,
} from '@tapedeck/runtime'
import { makeTestFolder, removeTestFolder, withNats, withPostgres } from '@tapedeck/testkit'
import { fileURLToPath } from 'node:url'
import { until } from '@tapedeck/test-data'
import { ingestService } from '../src/index.ts'

const TRADES = 20_000
const CONFIG = fileURLToPath(new URL('../../../config/tapedeck.yaml', import.meta.url))
const START = Date.UTC(2026, 0, 5, 8)

const nats = withNats()
const postgres = withPostgres()
const folder = makeTestFolder('play-again')
const file = join(folder, 'trades.csv')
let url = ''

/** Twenty prints a second for a thousand seconds. */
const archive = (): string =>
  Array.from({ length: TRADES }, (_, i) => {
    const id = i + 1
    return `${id},${60_000 + (i % 50)}.5,0.${100 + (i % 900)},${id},${id},${START + i * 50},${i % 3 === 0}\n`
  }).join('')

const service = (speed: string): Service => {
  const { user, pass } = nats().login('ingest')
  const environment: Environment = {
    NATS_URL: nats().url,
    NATS_USER: user,
    NATS_PASSWORD: pass,
    POSTGRES_URL: url,
    TAPEDECK_HOST: '127.0.0.1',
    TAPEDECK_PORT: '0',
    TAPEDECK_JWT_SECRET: randomBytes(36).toString('base64'),
    TAPEDECK_SOURCE: 'recording',
    TAPEDECK_SOURCE_FILES: JSON.stringify([file]),
    TAPEDECK_SOURCE_SYMBOL: 'BTCUSDT',
    TAPEDECK_SOURCE_SPEED: speed,
  }
  return serviceFromEnvironment(ingestService, environment, {
    trading: loadTradingConfig(CONFIG),
    logger: createLogger({
      level: 'error',
      format: 'json',
      instanceId: 'test',
      environment: 'test',
    }),
    fail: (_service, error) => {
      throw error
    },
  })
}

beforeAll(async () => {
  writeFileSync(file, archive())
  const provisioned = await provisionService({
    adminUrl: postgres().url,
    service: 'ingest',
    password: 'p'.repeat(32),
    migrations: ingestService.migrations,
  })
  url = provisioned.url
})
afterAll(() => removeTestFolder(folder))

it('a playback that is stopped anywhere goes on without losing or doubling a print', async () => {
  const bus = await connectBus({ servers: [nats().url], name: 'test', ...nats().login('admin') })
  await bus.tape.provision({ maxBytes: 500_000_000 })
  for (const speed of ['400', '700']) {
    const playing = service(speed)
    await playing.start()
    const before = await bus.tape.lastSeq()
    await until(async () => (await bus.tape.lastSeq()) >= before + 100)
    await playing.stop()
  }
  const last = service('max')
  await last.start()
  await until(async () => (await bus.tape.lastOf('tape.market.run.ended.>')) !== null)
  await last.stop()

  const ids: number[] = []
  const reading = bus.tape.read({
    after: 0,
    subjects: ['tape.market.trades.>'],
    onBatch: async (messages) => {
      for (const raw of messages) {
        const decoded = decode(raw.bytes)
        if (decoded.ok) ids.push(...(decoded.envelope.payload as Trades).id)
      }
    },
  })
  await reading.passed(await bus.tape.lastSeq())
  await reading.stop()
  await bus.close()
  expect(ids).toEqual(Array.from({ length: TRADES }, (_, i) => i + 1))

  const db = openDatabase({ url, schema: 'ingest', applicationName: 'test', maxConnections: 1 })
  const { rows } = await sql<{ rows: number; ids: number }>`
    select count(*) as rows, count(distinct id) as ids from trade`.execute(db.kysely)
  await db.close()
  expect(rows[0]).toEqual({ rows: TRADES, ids: TRADES })
}, 300_000)
