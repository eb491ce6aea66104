import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureRedisServer } from '../install/ensure-redis-server.ts'
import { ask } from './ask.ts'
import { externalServer, type StartOptions } from './external-server.ts'
import { keptPassword, writeSecret } from './secrets.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

/** A Redis server that keeps nothing on the disk. `url` carries the password. */
export type RedisServer = ServerProcess & { readonly url: string }
export type RedisOptions = StartOptions & { readonly memoryMaxMb?: number }

const configuration = (password: string, memoryMaxMb: number): string => `bind 127.0.0.1
protected-mode yes
requirepass ${password}
save ""
appendonly no
maxmemory ${memoryMaxMb}mb
maxmemory-policy allkeys-lru
daemonize no
`

/**
 * Starts Redis on 127.0.0.1, or takes the one that REDIS_URL names.
 * Throws SERVER_MISSING, PORT_IN_USE, SERVER_START_FAILED.
 */
export const startRedis = async (options: RedisOptions): Promise<RedisServer> => {
  const { dataDir, onProgress = () => {}, useEnvironment = true } = options
  const given = useEnvironment ? process.env['REDIS_URL'] : undefined
  if (given !== undefined && given !== '') {
    return { ...externalServer('Redis', Number(new URL(given).port || 6379)), url: given }
  }
  const program = await ensureRedisServer(onProgress)
  mkdirSync(dataDir, { recursive: true })
  const password = keptPassword(join(dataDir, 'password'))
  const configFile = join(dataDir, 'redis.conf')
  writeSecret(configFile, configuration(password, options.memoryMaxMb ?? 256))
  const server = await startServerProcess({
    name: 'redis-server',
    dataDir,
    workDir: dataDir,
    logFile: join(dataDir, 'redis.log'),
    port: options.port ?? 0,
    file: program.file,
    args: (port) => [configFile, '--port', String(port)],
    env: {
      ...process.env,
      ...(program.libraryPath === null ? {} : { LD_LIBRARY_PATH: program.libraryPath }),
    },
    stopSignal: 'SIGTERM',
    isReady: async (port) => (await ask(port, `AUTH ${password}\r\n`))?.startsWith('+OK') ?? false,
  })
  return Object.assign(server, { url: `redis://:${password}@127.0.0.1:${server.port}` })
}
