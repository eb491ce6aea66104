import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { REPOSITORY } from '@tapedeck/dev'
import {
  GeneratedSource,
  SimulatedVenue,
  VenuePacer,
  startVenueServer,
  type VenueServer,
} from '@tapedeck/venue-simulator'
import { EXIT } from '../src/exit-codes.ts'
import { runCli } from '../src/run-cli.ts'
import { memoryTerminal } from '../src/terminal/memory-terminal.fixture.ts'
import { generatedSymbols } from '../src/venue/generated-symbols.ts'

jest.setTimeout(300_000)

const KEYS = {
  apiKey: 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P7',
  secret: 'z9Y8x7W6v5U4t3S2r1Q0p9O8n7M6l5K4z9Y8x7W6v5U4t3S2r1Q0p9O8n7M6l5K5',
}
const ENV = { BINANCE_API_KEY: KEYS.apiKey, BINANCE_API_SECRET: KEYS.secret }
const folder = mkdtempSync(join(tmpdir(), 'tapedeck-doctor-venue-'))
const config = join(folder, 'live.yaml')

let venue: SimulatedVenue
let server: VenueServer
let pacer: VenuePacer

beforeAll(async () => {
  const yaml = readFileSync(join(REPOSITORY, 'config', 'tapedeck.yaml'), 'utf8')
  writeFileSync(
    config,
    yaml.replace(/^execution:$/m, 'execution:\n  venue: binance-usdm\n  leverage: 20'),
  )
  const symbols = generatedSymbols(['BTCUSDT'])
  venue = new SimulatedVenue({
    source: new GeneratedSource({ symbols, seed: 3, startTime: Date.now() }),
  })
  venue.addAccount({ account: 'main', ...KEYS, balance: '10000' })
  server = await startVenueServer({ venue })
  pacer = new VenuePacer({ venue })
})

afterAll(async () => {
  pacer.stop()
  venue.cutStreams('close')
  await server.stop()
  rmSync(folder, { recursive: true })
})

interface Finding {
  readonly name: string
  readonly result: string
  readonly detail: string
  readonly fix: string | null
}

const look = async (named: string, env: Record<string, string>, ...more: string[]) => {
  const terminal = memoryTerminal({ env })
  const argv = ['doctor', '--venue', named, '--config', config, '--json', ...more]
  const code = await runCli(argv, terminal)
  const out = terminal.stdout()
  const { ok, findings } = (out === '' ? { ok: false, findings: [] } : JSON.parse(out)) as {
    ok: boolean
    findings: Finding[]
  }
  const of = (name: string): Finding | undefined => findings.find((one) => one.name === name)
  return { code, ok, findings, of, text: out + terminal.stderr() }
}

describe('tapedeck doctor --venue', () => {
  it('finds a venue on a port good, and says what a session would still take', async () => {
    const { code, ok, findings, of, text } = await look(server.restUrl, ENV)
    expect(findings.filter(({ result }) => result === 'fail')).toEqual([])
    expect({ code, ok }).toEqual({ code: EXIT.OK, ok: true })
    expect(of('account stream')).toMatchObject({ result: 'pass' })
    expect(of('market streams /public/stream')).toMatchObject({ result: 'pass' })
    expect(of('settings')).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('BINANCE_NETWORK is not set: set custom'),
    })
    for (const secret of Object.values(KEYS)) expect(text).not.toContain(secret)
  })

  it('is content with the settings of a session that would trade there', async () => {
    const env = {
      ...ENV,
      BINANCE_NETWORK: 'custom',
      BINANCE_REST_URL: server.restUrl,
      BINANCE_STREAM_URL: server.streamUrl,
    }
    const { code, of } = await look('custom', env)
    expect({ code, settings: of('settings')?.detail }).toEqual({
      code: EXIT.OK,
      settings: 'a session started like this trades there, with play money',
    })
  })

  it('ends with 3 when a line fails, for people as for programs', async () => {
    const other = { ...ENV, BINANCE_API_SECRET: KEYS.secret.replaceAll('9', 'Q') }
    const { code, of } = await look(server.restUrl, other, '--wait', '2')
    expect(code).toBe(EXIT.CHECK_FAILED)
    expect(of('key')).toMatchObject({ result: 'fail', detail: expect.stringContaining('-1022') })
    const terminal = memoryTerminal({ env: other })
    const argv = ['doctor', '--venue', server.restUrl, '--config', config, '--wait', '2']
    expect(await runCli(argv, terminal)).toBe(EXIT.CHECK_FAILED)
    expect(terminal.stdout()).toMatch(/fail +key +the venue refuses it: -1022/)
    expect(terminal.stdout()).toContain('→ The secret is not the one of this key')
    expect(terminal.stderr()).toMatch(/1 of \d+ lines failed/)
  })

  it('ends with 7 where a web page answers', async () => {
    const pages = createServer((_request, answer) => {
      answer.setHeader('content-type', 'text/html').end('<html><title>Hello</title></html>')
    })
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
    const { port } = pages.address() as AddressInfo
    const { code, of } = await look(`http://127.0.0.1:${port}`, ENV)
    pages.close()
    expect(code).toBe(EXIT.UNAVAILABLE)
    expect(of('address')).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('a web page, expected JSON (is the address right?): Hello'),
    })
  })

  it.each([
    ['mars', /expected live, demo, custom/],
    ['https://fapi.binance.com', /Binance itself is network mainnet or demo/],
    ['http://venue.example.org', /keys do not cross a network unencrypted/],
  ])('refuses %s with 2', async (named, words) => {
    const { code, text } = await look(named, ENV)
    expect(code).toBe(EXIT.USAGE)
    expect(text).toMatch(words)
  })
})
