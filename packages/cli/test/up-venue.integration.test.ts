import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { until } from '@tapedeck/test-data'
import { sign } from '@tapedeck/venue-simulator'
import { makeSessionFolder, removeSessionFolder } from './session-folder.ts'

jest.setTimeout(600_000)

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const children: ChildProcess[] = []
let dataDir: string

beforeAll(() => {
  dataDir = makeSessionFolder('up-venue')
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  removeSessionFolder(dataDir)
})

interface Session {
  readonly restUrl: string
  readonly out: () => string
  readonly stop: () => Promise<number | null>
}

const startSession = async (state: string, faults: string): Promise<Session> => {
  const options = ['--faults', faults, '--state', state]
  const child = spawn(
    process.execPath,
    [MAIN, 'up', '--port', '0', '--data', dataDir, '--venue', 'simulator', ...options],
    { env: { PATH: process.env['PATH'], NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  children.push(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString('utf8')))
  child.stderr.on('data', (data: Buffer) => (err += data.toString('utf8')))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const isUp = (): boolean => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`ended too soon: ${err}`)
    return out.includes('Stop with Ctrl-C')
  }
  await until(isUp, { what: 'the session is up', msMax: 200_000, everyMs: 50 })
  return {
    restUrl: /simulated venue of this session, (http:\S+?);/.exec(out)?.[1] ?? out,
    out: () => out,
    stop: async () => {
      child.kill('SIGINT')
      return await ended
    },
  }
}

interface Key {
  readonly apiKey: string
  readonly secret: string
}

/** The session's own key, as the venue keeps it. */
const keyOf = (state: string): Key => {
  const [, body = ''] = readFileSync(join(state, 'venue-state.json'), 'utf8').split('\n')
  return (JSON.parse(body) as { keys: [Key] }).keys[0]
}

const ask = async (
  restUrl: string,
  { apiKey, secret }: Key,
  method: string,
  path: string,
  values: Record<string, string> = {},
): Promise<Record<string, unknown>[]> => {
  const clock = (await (await fetch(`${restUrl}/fapi/v1/time`)).json()) as { serverTime: number }
  const text = new URLSearchParams({ ...values, timestamp: String(clock.serverTime) }).toString()
  const url = `${restUrl}${path}?${text}&signature=${sign(secret, text)}`
  const answer = await fetch(url, { method, headers: { 'x-mbx-apikey': apiKey } })
  return (await answer.json()) as Record<string, unknown>[]
}

/** How often each kind of fault has struck. */
const struck = async (restUrl: string): Promise<Record<string, number>> => {
  const answer = await fetch(`${restUrl}/sim/v1/faults`)
  return ((await answer.json()) as { injected: Record<string, number> }).injected
}

/** The first answers about the account are lost: the session asks again before it is ready. */
const PLAN = {
  name: 'lost answers',
  seed: 1,
  faults: [
    {
      fault: { kind: 'answer_lost', as: 'reset' },
      when: { kind: 'always' },
      on: { requests: ['queries'] },
      times: 2,
    },
  ],
}

it('a session trades on a venue that misbehaves, whose accounts outlive a restart', async () => {
  const state = join(dataDir, 'venue')
  const plan = join(dataDir, 'plan.json')
  writeFileSync(plan, JSON.stringify(PLAN))
  const first = await startSession(state, plan)
  expect(first.out()).toContain(`faults: ${plan}; accounts kept in ${state}`)
  expect(await struck(first.restUrl)).toEqual({ answer_lost: 2 })
  const key = keyOf(state)
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' }
  const far = { quantity: '0.01', price: '58000', newClientOrderId: 'mine' }
  await ask(first.restUrl, key, 'POST', '/fapi/v1/order', { ...order, ...far })
  expect(await first.stop()).toBe(0)

  const second = await startSession(state, plan)
  expect(second.restUrl).not.toBe(first.restUrl)
  expect(keyOf(state)).toEqual(key)
  const open = await ask(second.restUrl, key, 'GET', '/fapi/v1/openOrders')
  expect(open.map(({ clientOrderId }) => clientOrderId)).toEqual(['mine'])
  expect(await second.stop()).toBe(0)
})
