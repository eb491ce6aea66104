import { afterAll, beforeAll } from '@jest/globals'
import {
  startNats,
  startPostgres,
  startRedis,
  type NatsLine,
  type NatsServer,
  type PostgresServer,
  type RedisServer,
  type ServerProcess,
} from '@tapedeck/dev'
import { makeTestFolder, removeTestFolder } from './test-folder.ts'

/** The very first start on a machine may have to fetch the server. */
const START_MS_MAX = 600_000

const withServer = <S extends ServerProcess>(
  name: string,
  start: (dataDir: string) => Promise<S>,
): (() => S) => {
  let dataDir: string | null = null
  let server: S | null = null
  beforeAll(async () => {
    dataDir = makeTestFolder(name)
    server = await start(dataDir)
  }, START_MS_MAX)
  afterAll(async () => {
    await server?.stop()
    if (dataDir !== null) removeTestFolder(dataDir)
  }, START_MS_MAX)
  return () => {
    if (server === null) throw new Error(`${name} is started before the first test, not earlier`)
    return server
  }
}

/**
 * A real NATS server for the tests of this file (or of this `describe`), on a free port with a store of
 * its own. Call the result inside a test to get it.
 */
export const withNats = (options: { line?: NatsLine } = {}): (() => NatsServer) =>
  withServer('nats', async (dataDir) =>
    startNats({ ...options, dataDir, useEnvironment: false, storeMaxBytes: '2GB' }),
  )

/** A real PostgreSQL for the tests of this file, empty, without fsync unless asked for. */
export const withPostgres = (options: { fsync?: boolean } = {}): (() => PostgresServer) =>
  withServer('postgres', async (dataDir) =>
    startPostgres({ fsync: false, ...options, dataDir, useEnvironment: false }),
  )

/** A real Redis for the tests of this file. */
export const withRedis = (): (() => RedisServer) =>
  withServer('redis', async (dataDir) =>
    startRedis({ dataDir, useEnvironment: false, memoryMaxMb: 64 }),
  )
