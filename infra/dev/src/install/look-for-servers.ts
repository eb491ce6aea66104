import { hasCode } from '@tapedeck/contracts'
import { installedPrograms } from '../servers/postgres-home.ts'
import { natsServerHere } from './ensure-nats-server.ts'
import { redisServerHere } from './ensure-redis-server.ts'
import { runProgram } from './run-program.ts'

/** A server as a start would find it, without fetching or starting anything. */
export interface FoundServer {
  readonly name: 'NATS' | 'Redis' | 'Postgres'
  /** `environment`: a URL names it; `here`: its program is; `missing`: it would have to be fetched. */
  readonly state: 'environment' | 'here' | 'missing'
  /** As the program says; null where it is not here. */
  readonly version: string | null
  /** Variable, path, or what is missing. */
  readonly detail: string
}

const fromEnvironment = (name: FoundServer['name'], variable: string): FoundServer | null =>
  (process.env[variable] ?? '') === ''
    ? null
    : { name, state: 'environment', version: null, detail: variable }

const versionOf = async (
  file: string,
  libraryPath: string | null = null,
): Promise<string | null> => {
  const env = libraryPath === null ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath }
  const { text } = await runProgram(file, ['--version'], { env })
  return /(\d+\.\d+(\.\d+)?)/.exec(text)?.[1] ?? null
}

const lookForNats = async (): Promise<FoundServer> => {
  const file = natsServerHere()
  if (file === null) return { name: 'NATS', state: 'missing', version: null, detail: 'nats-server' }
  return { name: 'NATS', state: 'here', version: await versionOf(file), detail: file }
}

const lookForRedis = async (): Promise<FoundServer> => {
  const found = await redisServerHere()
  if (found === null)
    return { name: 'Redis', state: 'missing', version: null, detail: 'redis-server' }
  const version = await versionOf(found.file, found.libraryPath)
  return { name: 'Redis', state: 'here', version, detail: found.file }
}

const lookForPostgres = (): FoundServer => {
  try {
    const { native, version } = installedPrograms()
    return { name: 'Postgres', state: 'here', version, detail: native }
  } catch (error) {
    if (!hasCode(error, 'SERVER_MISSING')) throw error
    return { name: 'Postgres', state: 'missing', version: null, detail: error.message }
  }
}

/** The three servers as the next start would find them. */
export const lookForServers = async (): Promise<FoundServer[]> => [
  fromEnvironment('NATS', 'NATS_URL') ?? (await lookForNats()),
  fromEnvironment('Redis', 'REDIS_URL') ?? (await lookForRedis()),
  fromEnvironment('Postgres', 'POSTGRES_URL') ?? lookForPostgres(),
]
