import { join } from 'node:path'
import type { ServiceName } from '@tapedeck/contracts'
import { type Bus, connectBus } from '@tapedeck/bus'
import { REPOSITORY } from '@tapedeck/dev'
import type { Environment } from '@tapedeck/runtime'
import { type Stack, startStack } from '@tapedeck/stack'

export interface BenchStackOptions {
  readonly folder: string
  readonly ingest: Environment
  readonly split?: boolean
  readonly only?: readonly ServiceName[]
  readonly configPath?: string
}

export interface BenchStack extends Stack {
  /** A connection of the benchmark's own, with the admin's rights. */
  readonly bus: Bus
}

export const CONFIG_PATH = join(REPOSITORY, 'config', 'tapedeck.yaml')

/**
 * A stack of its own with production's settings (files are synced), on loopback and free ports. A
 * service that fails fails the benchmark. Stopped when `work` is done.
 */
export const withStack = async <T>(
  { folder, ...options }: BenchStackOptions,
  work: (stack: BenchStack) => Promise<T>,
): Promise<T> => {
  const failed = Promise.withResolvers<never>()
  const stack = await startStack({
    split: false,
    configPath: CONFIG_PATH,
    ...options,
    dataDir: join(folder, 'data'),
    port: 0,
    host: '127.0.0.1',
    logLevel: 'warn',
    useEnvironment: false,
    durable: true,
    onProgress: () => {},
    onEvent: (service, event) => failed.reject(new Error(`${service}: ${event}`)),
  })
  try {
    const { nats } = stack.servers
    const bus = await connectBus({
      servers: [nats.url],
      name: 'bench',
      ...nats.login('admin'),
    })
    try {
      return await Promise.race([work({ ...stack, bus }), failed.promise])
    } finally {
      await bus.close()
    }
  } finally {
    await stack.stop()
  }
}
