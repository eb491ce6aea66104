import { join } from 'node:path'
import {
  type NatsServer,
  type PostgresServer,
  type RedisServer,
  startNats,
  startPostgres,
  startRedis,
} from '@tapedeck/dev'
import { keepRunning } from './keep-running.ts'

export interface Servers {
  readonly nats: NatsServer
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  stop(onStopped?: (part: string) => void): Promise<void>
}

export interface ServerOptions {
  readonly dataDir: string
  /** URLs from the environment win. Never for a stack of its own, such as a replay's. */
  readonly useEnvironment: boolean
  /** False only where the data may be lost. */
  readonly durable: boolean
  readonly onProgress: (text: string) => void
  /** A server ended by itself, was started again, or cannot be. */
  readonly onEvent: (server: string, event: string) => void
}

/**
 * Starts all three side by side and keeps them running; when one fails to start, the others are stopped
 * before the error is thrown.
 */
export const startServers = async (options: ServerOptions): Promise<Servers> => {
  const { dataDir, useEnvironment, durable, onProgress } = options
  const common = { useEnvironment, onProgress }
  const starts = [
    startNats({ ...common, dataDir: join(dataDir, 'nats') }),
    startPostgres({ ...common, dataDir: join(dataDir, 'postgres'), fsync: durable }),
    startRedis({ ...common, dataDir: join(dataDir, 'redis') }),
  ] as const
  const results = await Promise.allSettled(starts)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) {
    await Promise.all(
      results.map(async (r) => (r.status === 'fulfilled' ? await r.value.stop() : undefined)),
    )
    throw failed.reason
  }
  const [nats, postgres, redis] = await Promise.all(starts)
  const inOrder = Object.entries({ Redis: redis, NATS: nats, Postgres: postgres }).map(
    ([name, server]) =>
      [name, keepRunning(server, (event) => options.onEvent(name, event))] as const,
  )
  return {
    nats,
    postgres,
    redis,
    stop: async (onStopped = () => {}) => {
      for (const [name, server] of inOrder) {
        await server.stop()
        onStopped(name)
      }
    },
  }
}
