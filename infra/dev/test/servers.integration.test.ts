import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { until } from '@tapedeck/test-data'
import {
  startNats,
  startPostgres,
  startRedis,
  type ServerProcess,
  type StartOptions,
} from '../src/index.ts'
import { ask } from '../src/servers/ask.ts'
import { startOf } from '../src/servers/process-identity.ts'

const folders: string[] = []
const running: ServerProcess[] = []

const folder = (mode = 0o711): string => {
  const made = mkdtempSync(join(tmpdir(), 'tapedeck-dev-'))
  chmodSync(made, mode)
  folders.push(made)
  return made
}
const started = async <S extends ServerProcess>(promise: Promise<S>): Promise<S> => {
  const server = await promise
  running.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(running.splice(0).map(async (server) => await server.stop()))
  // What a server that was killed leaves behind may still be writing its last.
  for (const each of folders.splice(0))
    rmSync(each, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

const STARTERS: [string, (options: StartOptions) => Promise<ServerProcess & { url: string }>][] = [
  ['NATS', startNats],
  ['Redis', startRedis],
  ['Postgres', async (options) => startPostgres({ ...options, fsync: false })],
]

describe.each(STARTERS)('%s', (_name, start) => {
  it('starts on a free loopback port, is killed, and restarts on the same', async () => {
    const server = await started(start({ dataDir: folder(), useEnvironment: false }))
    const { pid, port } = server
    expect(startOf(pid!)).not.toBeNull()
    const ends: boolean[] = []
    server.onExit((wasAsked) => ends.push(wasAsked))
    await server.kill()
    expect(server.pid).toBeNull()
    expect(startOf(pid!)).toBeNull()
    await server.restart()
    expect(server.port).toBe(port)
    expect(server.pid).not.toBe(pid)
    process.kill(server.pid!, 'SIGKILL')
    await until(() => ends.length >= 2)
    expect(ends).toEqual([true, false])
  })

  it('says when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    try {
      const starting = start({ dataDir: folder(), port, useEnvironment: false })
      await expect(starting).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { port } })
    } finally {
      other.close()
    }
  })

  it('does not share its folder with another session', async () => {
    const dataDir = folder()
    const server = await started(start({ dataDir, useEnvironment: false }))
    await expect(start({ dataDir, useEnvironment: false })).rejects.toMatchObject({
      code: 'DATA_FOLDER_IN_USE',
    })
    expect(startOf(server.pid!)).not.toBeNull()
  })

  it('keeps its passwords from others', async () => {
    const dataDir = folder()
    await started(start({ dataDir, useEnvironment: false }))
    const secrets = ['passwords.json', 'nats.conf', 'redis.conf', 'password']
      .map((name) => join(dataDir, name))
      .filter((file) => existsSync(file))
    expect(secrets.length).toBeGreaterThan(0)
    expect(secrets.map((file) => statSync(file).mode & 0o077)).toEqual(secrets.map(() => 0))
  })
})

describe('a server from the environment', () => {
  it('is used and never stopped', async () => {
    process.env['REDIS_URL'] = 'redis://:secret@10.0.0.1:7000'
    try {
      const redis = await startRedis({ dataDir: folder() })
      expect(redis).toMatchObject({ url: 'redis://:secret@10.0.0.1:7000', port: 7000, pid: null })
      await redis.stop()
      await expect(redis.restart()).rejects.toMatchObject({ code: 'STATE_CONFLICT' })
    } finally {
      delete process.env['REDIS_URL']
    }
  })
})

describe('Postgres below a folder that its user cannot enter', () => {
  it('lies elsewhere, and is found again', async () => {
    const dataDir = join(folder(0o700), 'postgres')
    const first = await started(startPostgres({ dataDir, fsync: false, useEnvironment: false }))
    const mark = join(first.clusterDir!, 'mark')
    writeFileSync(mark, '')
    await first.stop()
    const second = await started(startPostgres({ dataDir, fsync: false, useEnvironment: false }))
    expect(second.clusterDir).toBe(first.clusterDir)
    expect(second.url).toBe(first.url.replace(/:\d+\/postgres$/, `:${second.port}/postgres`))
    expect(existsSync(mark)).toBe(true)
    await second.stop()
    if (!first.clusterDir!.startsWith(dataDir)) folders.push(dirname(first.clusterDir!))
  })
})

/** Starts Redis from a process of its own. */
const session = async (
  dataDir: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ kill: () => Promise<void>; pid: number }> => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'session.ts'), 'redis', dataDir],
    {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  await until(() => out.includes('\n') || hasEnded(), { what: 'the session says its server' })
  const { pid } = JSON.parse(out) as { pid: number }
  const kill = async (): Promise<void> => {
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
  }
  return { kill, pid }
}

describe('a session that is killed', () => {
  const isKept = process.platform === 'linux' && spawnSync('setpriv', ['--version']).status === 0
  const suite = isKept ? describe : describe.skip
  suite('on Linux with setpriv', () => {
    it('takes its server with it', async () => {
      const { kill, pid } = await session(folder(), process.env)
      await kill()
      await until(() => startOf(pid) === null)
      expect(startOf(pid)).toBeNull()
    })
  })

  it('leaves nothing that the next session in the folder cannot end', async () => {
    const dataDir = folder()
    const redis = await started(startRedis({ dataDir, useEnvironment: false }))
    const { pid } = redis
    // As if the session that started it were gone: a pid that now belongs to somebody else.
    const file = join(dataDir, 'server.json')
    const claim = JSON.parse(readFileSync(file, 'utf8')) as object
    writeFileSync(file, JSON.stringify({ ...claim, ownerStarted: 'long ago' }))
    const next = await started(startRedis({ dataDir, useEnvironment: false }))
    expect(startOf(pid!)).toBeNull()
    // It looks once, and for a second: a machine may be busy for that long.
    await until(async () => (await ask(next.port, 'PING\r\n'))?.includes('NOAUTH') === true)
  })

  it('never ends a process that only has the number of an old server', async () => {
    const dataDir = folder()
    const bystander = spawn('sleep', ['600'], { stdio: 'ignore', cwd: dataDir })
    try {
      const claim = {
        pid: bystander.pid,
        started: 'long ago',
        ownerPid: 1,
        ownerStarted: 'long ago',
      }
      writeFileSync(join(dataDir, 'server.json'), JSON.stringify(claim))
      await started(startRedis({ dataDir, useEnvironment: false }))
      expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null])
    } finally {
      bystander.kill()
    }
  })
})
