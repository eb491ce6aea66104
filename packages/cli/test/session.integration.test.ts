import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '@tapedeck/test-data'
import { makeSessionFolder, removeSessionFolder } from './session-folder.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
/** Servers of its own, whatever the environment of the test names; nothing of a caller's session. */
const env = { PATH: process.env['PATH'], NO_COLOR: '1' }

interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
}
interface Started extends Result {
  readonly child: ChildProcess
  readonly ended: Promise<Result>
}

const start = (args: readonly string[]): Started => {
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const result = { code: null as number | null, out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (result.out += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (result.err += chunk.toString('utf8')))
  const ended = new Promise<Result>((resolve) =>
    child.once('close', (code) => resolve(Object.assign(result, { code }))),
  )
  return Object.assign(result, { child, ended })
}

const run = async (...args: string[]): Promise<Result> => await start(args).ended

const untilItSays = async (session: Started, text: string): Promise<void> => {
  const isSaid = (): boolean => {
    if (session.out.includes(text)) return true
    if (session.child.exitCode !== null || session.child.signalCode !== null)
      throw new Error(`ended too soon: ${session.err}`)
    return false
  }
  await until(isSaid, { what: `the session says ${text}`, msMax: 200_000, everyMs: 50 })
}

describe('a session on a data folder', () => {
  let dataDir: string
  const data = (): string[] => ['--data', dataDir]
  const up = (): Started => start(['up', '--source', 'none', '--port', '0', ...data()])

  beforeAll(() => {
    dataDir = makeSessionFolder('cli')
  })
  afterAll(() => {
    removeSessionFolder(dataDir)
  })

  it('is started, looked at, operated, killed, resumed and stopped', async () => {
    const first = up()
    await untilItSays(first, 'Stop with Ctrl-C')
    const key = readFileSync(join(dataDir, 'operator-key'), 'utf8').trim()
    expect(first.out).toContain(key)
    expect(statSync(join(dataDir, 'operator-key')).mode & 0o777).toBe(0o600)

    expect(await run('up', ...data())).toMatchObject({
      code: 5,
      out: '',
      err: expect.stringContaining(`as process ${first.child.pid}`),
    })
    const status = await run('status', '--json', ...data())
    expect(status.code).toBe(0)
    expect(JSON.parse(status.out)).toMatchObject({ ready: true, run: null })

    const made = await run('keys', 'create', '--name', 'for a test', '--json', ...data())
    const { key_id: keyId } = JSON.parse(made.out) as { key_id: string }
    expect((await run('keys', 'list', ...data())).out).toMatch(
      new RegExp(`${keyId} +for a test +viewer +usable`),
    )
    expect((await run('keys', 'revoke', keyId, ...data())).code).toBe(0)
    expect((await run('keys', 'list', ...data())).out).toMatch(
      new RegExp(`${keyId} +for a test +viewer +revoked`),
    )
    expect(await run('halt', '--reason', 'nothing runs yet', ...data())).toMatchObject({
      code: 5,
      err: expect.stringContaining('no run has started yet'),
    })
    expect((await run('why', 'nothing', ...data())).code).toBe(4)

    first.child.kill('SIGKILL')
    await first.ended
    expect((await run('status', ...data())).code).toBe(7)

    const second = up()
    await untilItSays(second, 'Stop with Ctrl-C')
    expect(second.err).toContain(`process ${first.child.pid}) did not stop in order`)
    expect(second.out).not.toContain(key)
    second.child.kill('SIGINT')
    const { code, err } = await second.ended
    expect(code).toBe(0)
    expect([...err.matchAll(/✓ (\w+) stopped/g)].map(([, part]) => part)).toEqual([
      'ingest',
      'services',
      'Redis',
      'NATS',
      'Postgres',
    ])
    expect(existsSync(join(dataDir, 'session.json'))).toBe(false)
  }, 600_000)
})
