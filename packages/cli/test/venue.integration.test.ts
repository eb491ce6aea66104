import { spawn, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { until } from '@tapedeck/test-data'

jest.setTimeout(300_000)

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const RECORDING = fileURLToPath(
  new URL('../../../data/recordings/btcusdt-usdm-20260105.ws.gz', import.meta.url),
)
const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

const start = (options: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [MAIN, 'venue', '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  running.push(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString('utf8')))
  child.stderr.on('data', (data: Buffer) => (err += data.toString('utf8')))
  const exit = once(child, 'exit') as Promise<[number | null]>
  return {
    child,
    exit,
    heard: () => ({ out, err }),
    says: async (text: string): Promise<string> => {
      const isSaid = (): boolean => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`ended with ${child.exitCode}: ${err}`)
        return out.includes(text)
      }
      await until(isSaid, { what: `the venue says ${text}`, everyMs: 20 })
      return out
    },
  }
}

/** Resolves once the venue has a book of a symbol. */
const untilBook = async (rest: string, symbol: string): Promise<void> => {
  const hasBook = async (): Promise<boolean> => {
    const answer = await fetch(`${rest}/fapi/v1/depth?symbol=${symbol}&limit=5`)
    const { bids } = (await answer.json()) as { readonly bids: readonly unknown[] }
    return bids.length > 0
  }
  await until(hasBook, { what: `the venue has a book of ${symbol}`, everyMs: 50 })
}

describe('tapedeck venue', () => {
  it('serves the market of its seed until Ctrl-C, then ends with 0', async () => {
    const venue = start(['--json', '--symbol', 'BTCUSDT', 'ETHUSDT', '--seed', '7'])
    const facts = JSON.parse(await venue.says('\n')) as Record<string, string>
    expect(facts).toMatchObject({ symbols: ['BTCUSDT', 'ETHUSDT'], seed: 7, market: 'generated' })
    const rest = facts['rest_url']!
    const asked = async (path: string): Promise<unknown> =>
      await (await fetch(`${rest}/fapi/v1/${path}`)).json()
    const { serverTime } = (await asked('time')) as { serverTime: number }
    expect(Math.abs(serverTime - Date.now())).toBeLessThan(60_000)
    await untilBook(rest, 'ETHUSDT')
    expect(await asked('depth?symbol=ETHUSDT&limit=5')).toMatchObject({
      bids: expect.arrayContaining([[expect.any(String), expect.any(String)]]) as unknown,
    })
    venue.child.kill('SIGINT')
    expect(await venue.exit).toEqual([0, null])
  })

  it('takes requests that a private key signs, of which it has the public half', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const folder = mkdtempSync(join(tmpdir(), 'tapedeck-venue-cli-'))
    const file = join(folder, 'public.pem')
    writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }))
    const venue = start(['--json', '--public-key', file])
    const facts = JSON.parse(await venue.says('\n')) as Record<string, string>
    expect(facts).not.toHaveProperty('secret')
    const text = `timestamp=${Date.now()}`
    const signature = encodeURIComponent(
      sign(null, Buffer.from(text), privateKey).toString('base64'),
    )
    const ask = async (signed: string): Promise<unknown> =>
      await (
        await fetch(`${facts['rest_url']!}/fapi/v3/balance?${signed}&signature=${signature}`, {
          headers: { 'x-mbx-apikey': facts['api_key']! },
        })
      ).json()
    expect(await ask(text)).toMatchObject([{ asset: 'USDT' }])
    expect(await ask(`${text}&recvWindow=6000`)).toMatchObject({ code: -1022 })
    venue.child.kill('SIGINT')
    expect(await venue.exit).toEqual([0, null])
    rmSync(folder, { recursive: true })
  })

  it('lets the clock stand, from a time that is named', async () => {
    const venue = start(['--json', '--paused', '--start', '2026-01-05T08:00:00Z'])
    const facts = JSON.parse(await venue.says('\n')) as Record<string, string>
    const time = async (): Promise<unknown> =>
      await (await fetch(`${facts['rest_url']!}/fapi/v1/time`)).json()
    expect(await time()).toEqual({ serverTime: Date.UTC(2026, 0, 5, 8) })
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await time()).toEqual({ serverTime: Date.UTC(2026, 0, 5, 8) })
    venue.child.kill('SIGTERM')
    expect(await venue.exit).toEqual([0, null])
  })

  it('takes its prices from another venue, here one of its own kind', async () => {
    const upstream = start(['--json', '--symbol', 'ETHUSDT'])
    const up = JSON.parse(await upstream.says('\n')) as Record<string, string>
    const venue = start(['--json', '--market', 'live', '--symbol', 'ETHUSDT'], {
      TAPEDECK_BINANCE_REST_URL: up['rest_url']!,
      TAPEDECK_BINANCE_STREAM_URL: up['stream_url']!,
    })
    const facts = JSON.parse(await venue.says('\n')) as Record<string, string>
    await untilBook(facts['rest_url']!, 'ETHUSDT')
    venue.child.kill('SIGINT')
    expect(await venue.exit).toEqual([0, null])
    upstream.child.kill('SIGINT')
    expect(await upstream.exit).toEqual([0, null])
  })

  it('takes its prices from a recording', async () => {
    const venue = start(['--json', '--market', 'recording', '--file', RECORDING, '--speed', '20'])
    const facts = JSON.parse(await venue.says('\n')) as Record<string, string>
    expect(facts).toMatchObject({ symbols: ['BTCUSDT'], speed: 20 })
    await untilBook(facts['rest_url']!, 'BTCUSDT')
    venue.child.kill('SIGINT')
    expect(await venue.exit).toEqual([0, null])
  })

  it('says what to paste, for people', async () => {
    const venue = start(['--faults', 'calm'])
    const text = await venue.says('Stop with Ctrl-C')
    expect(text).toContain('ccxt.pro.binanceusdm')
    expect(text).toMatch(/REST +http:\/\/127\.0\.0\.1:\d+/)
    venue.child.kill('SIGINT')
    expect(await venue.exit).toEqual([0, null])
  })
})
