import { chownSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { TapedeckError } from '@tapedeck/contracts'
import { runProgram } from '../install/run-program.ts'
import { externalServer, type StartOptions } from './external-server.ts'
import {
  clusterParent,
  giveFolder,
  postgresUser,
  programFolder,
  type PostgresUser,
} from './postgres-home.ts'
import { keptPassword, writeSecret } from './secrets.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

/** PostgreSQL 18. `url` names the superuser `tapedeck` and the database `postgres`. */
export type PostgresServer = ServerProcess & {
  readonly url: string
  /** The cluster's own folder; null for a server that runs elsewhere. */
  readonly clusterDir: string | null
}
export type PostgresOptions = StartOptions & {
  /** False only where the data may be lost: tests. */
  readonly fsync?: boolean
}

const USER = 'tapedeck'

/** Nothing of the caller's Postgres settings (PGDATA, PGPORT…) and no locale of the machine's. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C',
  TZ: 'UTC',
})

type Cluster = {
  readonly programs: string
  readonly folder: string
  readonly user: PostgresUser | null
  readonly password: string
  readonly fsync: boolean
}

const initialize = async (cluster: Cluster): Promise<void> => {
  const { programs, folder, user, password, fsync } = cluster
  // Made under another name, so that a folder with the right name is complete.
  const scratch = `${folder}.new`
  const passwordFile = `${folder}.password`
  rmSync(scratch, { recursive: true, force: true })
  giveFolder(scratch, user)
  writeSecret(passwordFile, password)
  if (user !== null) chownSync(passwordFile, user.uid, user.gid)
  const args = [
    ['-D', scratch],
    ['-U', USER],
    ['--pwfile', passwordFile],
    ['--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'],
    // Sorting that is the same on every machine.
    ['--locale-provider=builtin', '--locale=C.UTF-8', '--lc-messages=C'],
    fsync ? [] : ['--no-sync'],
  ].flat()
  const options = { cwd: '/', env: environment(), ...user }
  const { code, text } = await runProgram(join(programs, 'initdb'), args, options)
  rmSync(passwordFile, { force: true })
  if (code !== 0) {
    throw new TapedeckError(
      /no space left/i.test(text) ? 'DISK_FULL' : 'SERVER_START_FAILED',
      `initdb failed in ${scratch}: ${text.trim().split('\n').slice(-3).join(' | ')}`,
    )
  }
  renameSync(scratch, folder)
}

const serverArgs = ({ folder, fsync }: Cluster, port: number): string[] => {
  const settings = [
    'listen_addresses=127.0.0.1',
    // TCP on loopback is all that is used; a socket file's path has a length limit.
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_line_prefix=%m [%p] ',
    ...(fsync ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ]
  return ['-D', folder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
}

/** In postmaster.pid the first line is the server's pid; the eighth says `ready` when it takes connections. */
const isReady = (folder: string, pid: number): boolean => {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

/** After a kill, the old children hold memory or the lock for a moment. */
const isPassing = (log: string): boolean =>
  /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(log)

/**
 * Starts PostgreSQL 18 on 127.0.0.1 with its cluster in `dataDir` (made on first use, random superuser
 * password), or takes the one that POSTGRES_URL names. Throws SERVER_MISSING, PORT_IN_USE, DISK_FULL,
 * DATA_FOLDER_IN_USE, SERVER_START_FAILED.
 */
export const startPostgres = async (options: PostgresOptions): Promise<PostgresServer> => {
  const { dataDir, fsync = true, onProgress = () => {}, useEnvironment = true } = options
  const given = useEnvironment ? process.env['POSTGRES_URL'] : undefined
  if (given !== undefined && given !== '') {
    const server = externalServer('Postgres', Number(new URL(given).port || 5432))
    return { ...server, url: given, clusterDir: null }
  }
  const user = postgresUser()
  const programs = programFolder(user)
  const folder = join(clusterParent(dataDir, user), 'cluster')
  const password = keptPassword(join(dataDir, 'password'))
  const cluster: Cluster = { programs, folder, user, password, fsync }
  if (!existsSync(folder)) {
    onProgress(`Initializing PostgreSQL in ${folder}`)
    await initialize(cluster)
  }
  const server = await startServerProcess({
    name: 'postgres',
    dataDir,
    workDir: folder,
    logFile: join(dataDir, 'postgres.log'),
    port: options.port ?? 0,
    file: join(programs, 'postgres'),
    args: (port) => serverArgs(cluster, port),
    env: environment(),
    user,
    stopSignal: 'SIGINT',
    isReady: async (_port, pid) => isReady(folder, pid),
    isPassing,
  })
  const url = `postgres://${USER}:${password}@127.0.0.1:${server.port}/postgres`
  return Object.assign(server, { url, clusterDir: folder })
}
