import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import { ensureNatsServer, type NatsLine } from '../install/ensure-nats-server.ts'
import { runProgram } from '../install/run-program.ts'
import { ask } from './ask.ts'
import { externalServer, type StartOptions } from './external-server.ts'
import { NATS_USERS, natsConfig, type NatsUser } from './nats-config.ts'
import { randomPassword, writeSecret } from './secrets.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

/** A NATS server with JetStream. `url` carries no credentials; `login` gives them per user. */
export type NatsServer = ServerProcess & {
  readonly url: string
  /** As the program says; null for a server that runs elsewhere. */
  readonly version: string | null
  /** Who a service connects as. Empty for a server elsewhere whose URL holds no credentials. */
  readonly login: (user: NatsUser) => { readonly user?: string; readonly pass?: string }
}

export type NatsOptions = StartOptions & {
  readonly line?: NatsLine
  readonly storeMaxBytes?: string
}

type Passwords = Record<NatsUser, string>

/** Damaged ones are made anew: the server's configuration is written at each start, so nothing depends on the old. */
const passwordsIn = (file: string): Partial<Passwords> => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Passwords>
  } catch {
    return {}
  }
}

const keptPasswords = (file: string): Passwords => {
  const kept = passwordsIn(file)
  const all = Object.fromEntries(
    NATS_USERS.map((user) => [user, kept[user] ?? randomPassword()]),
  ) as Passwords
  writeSecret(file, JSON.stringify(all, null, 2))
  return all
}

const versionOf = async (file: string): Promise<string> => {
  const { text } = await runProgram(file, ['--version'])
  const version = /v?(\d+\.\d+\.\d+)/.exec(text)?.[1]
  if (version !== undefined) return version
  throw new TapedeckError('SERVER_START_FAILED', `${file} --version said: ${text.trim()}`)
}

const isAtLeast = (version: string, major: number, minor: number): boolean => {
  const [a, b] = version.split('.').map(Number) as [number, number]
  return a > major || (a === major && b >= minor)
}

const external = (url: string): NatsServer => {
  const { username, password, hostname, port } = new URL(url)
  return {
    ...externalServer('NATS', Number(port || 4222)),
    url: `nats://${hostname}:${port || 4222}`,
    version: null,
    login: () =>
      username === ''
        ? {}
        : { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
  }
}

/**
 * Starts a NATS server on 127.0.0.1 with its store and generated configuration in `dataDir`, or takes
 * the one that NATS_URL names. Throws SERVER_MISSING, PORT_IN_USE, DISK_FULL, SERVER_START_FAILED.
 */
export const startNats = async (options: NatsOptions): Promise<NatsServer> => {
  const { dataDir, line = 'any', onProgress = () => {}, useEnvironment = true } = options
  const url = useEnvironment ? process.env['NATS_URL'] : undefined
  if (url !== undefined && url !== '') return external(url)

  const file = await ensureNatsServer(line, onProgress)
  const version = await versionOf(file)
  mkdirSync(dataDir, { recursive: true })
  const passwords = keptPasswords(join(dataDir, 'passwords.json'))
  const configFile = join(dataDir, 'nats.conf')
  const config = (port: number): string =>
    natsConfig({
      host: '127.0.0.1',
      port,
      storeDir: join(dataDir, 'store'),
      password: (user) => JSON.stringify(passwords[user]),
      ...(isAtLeast(version, 2, 10) ? { syncInterval: '1s' } : {}),
      ...(options.storeMaxBytes === undefined ? {} : { storeMaxBytes: options.storeMaxBytes }),
    })
  const server = await startServerProcess({
    name: 'nats-server',
    dataDir,
    workDir: dataDir,
    logFile: join(dataDir, 'nats.log'),
    port: options.port ?? 0,
    file,
    args: (port) => {
      writeSecret(configFile, config(port))
      return ['-c', configFile]
    },
    env: process.env,
    stopSignal: 'SIGTERM',
    isReady: async (port) => (await ask(port))?.includes('"jetstream":true') ?? false,
  })
  return Object.assign(server, {
    url: `nats://127.0.0.1:${server.port}`,
    version,
    login: (user: NatsUser) => ({ user, pass: passwords[user] }),
  })
}
