import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals'
import { sign } from '@tapedeck/venue-simulator'
import { until } from '@tapedeck/test-data'

jest.setTimeout(300_000)

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tapedeck-venue-state-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

interface Facts {
  readonly rest_url: string
  readonly api_key: string
  readonly secret: string
}

const run = (state: string, options: readonly string[] = []) => {
  const child = spawn(
    process.execPath,
    [MAIN, 'venue', '--port', '0', '--json', '--state', state, ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  running.push(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString('utf8')))
  child.stderr.on('data', (data: Buffer) => (err += data.toString('utf8')))
  const exit = once(child, 'exit')
  return {
    child,
    exit,
    facts: async (): Promise<Facts> => {
      const isSaid = (): boolean => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`ended with ${child.exitCode}: ${err}`)
        return out.includes('\n')
      }
      await until(isSaid, { what: 'the venue says its facts', everyMs: 20 })
      return JSON.parse(out) as Facts
    },
  }
}

const ask = async (
  { rest_url, api_key, secret }: Facts,
  method: string,
  path: string,
  values: Record<string, string> = {},
): Promise<unknown> => {
  const clock = (await (await fetch(`${rest_url}/fapi/v1/time`)).json()) as { serverTime: number }
  const text = new URLSearchParams({ ...values, timestamp: String(clock.serverTime) }).toString()
  const url = `${rest_url}${path}?${text}&signature=${sign(secret, text)}`
  const answer = await fetch(url, { method, headers: { 'x-mbx-apikey': api_key } })
  return await answer.json()
}

const time = async ({ rest_url }: Facts): Promise<unknown> =>
  await (await fetch(`${rest_url}/fapi/v1/time`)).json()

const BUY = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.01' }
const REST = {
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: '58000',
  newClientOrderId: 'resting',
}
const STOP = {
  algoType: 'CONDITIONAL',
  symbol: 'BTCUSDT',
  side: 'SELL',
  type: 'STOP_MARKET',
  triggerPrice: '50000',
  closePosition: 'true',
  clientAlgoId: 'stop',
}

interface Row {
  readonly positionAmt: string
  readonly clientOrderId: string
  readonly clientAlgoId: string
  readonly id: number
}

const whatIs = async (facts: Facts): Promise<readonly (readonly Row[])[]> => {
  const rows: Row[][] = []
  for (const [path, values] of [
    ['/fapi/v3/positionRisk', {}],
    ['/fapi/v1/openOrders', {}],
    ['/fapi/v1/openAlgoOrders', {}],
    ['/fapi/v1/userTrades', { symbol: 'BTCUSDT' }],
  ] as const)
    rows.push((await ask(facts, 'GET', path, values)) as Row[])
  return rows
}

/** Until the file says something about a client id. */
const untilWritten = async (state: string, text: string): Promise<void> => {
  const file = join(state, 'venue-state.json')
  const isWritten = (): boolean => existsSync(file) && readFileSync(file, 'utf8').includes(text)
  await until(isWritten, { what: `the state of the venue has ${text}`, everyMs: 50 })
}

describe('tapedeck venue --state', () => {
  it('has positions, orders, stops, trades and keys again: after kill -9, and after Ctrl-C', async () => {
    const state = join(folder, 'a')
    const first = run(state)
    const facts = await first.facts()
    for (const [path, order] of [
      ['order', BUY],
      ['order', REST],
      ['algoOrder', STOP],
    ] as const)
      expect(await ask(facts, 'POST', `/fapi/v1/${path}`, order)).toHaveProperty('symbol')
    await untilWritten(state, '"clientAlgoId":"stop"')
    first.child.kill('SIGKILL')
    await first.exit
    expect(statSync(join(state, 'venue-state.json')).mode & 0o777).toBe(0o600)
    for (let again = 0; again < 2; again++) {
      const next = run(state)
      const known = await next.facts()
      expect(known).toMatchObject({ api_key: facts.api_key, secret: facts.secret })
      const [positions, orders, stops, trades] = await whatIs(known)
      expect(positions!.map(({ positionAmt }) => Number(positionAmt))).toEqual([0.01])
      expect(orders!.map(({ clientOrderId }) => clientOrderId)).toEqual(['resting'])
      expect(stops!.map(({ clientAlgoId }) => clientAlgoId)).toEqual(['stop'])
      expect(trades!.length).toBeGreaterThan(0)
      next.child.kill('SIGINT')
      expect(await next.exit).toEqual([0, null])
    }
  })

  it('with a clock of its own goes on where it stood', async () => {
    const state = join(folder, 'b')
    const options = ['--start', '2026-01-05T08:00:00Z', '--paused']
    const first = run(state, options)
    const { rest_url } = await first.facts()
    const clock = { body: '{"advance_ms":5000}', headers: { 'content-type': 'application/json' } }
    await fetch(`${rest_url}/sim/v1/clock`, { method: 'POST', ...clock })
    first.child.kill('SIGTERM')
    await first.exit
    const stood = Date.UTC(2026, 0, 5, 8) + 5000
    const next = run(state, options)
    expect(await time(await next.facts())).toEqual({ serverTime: stood })
  })
})
