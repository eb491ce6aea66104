import { type AddressInfo, createServer } from 'node:net'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { REPOSITORY } from '@tapedeck/dev'
import { checkFirst } from './check-first.ts'
import type { UpOptions } from './run-up.ts'

const options: UpOptions = {
  split: false,
  port: 0,
  host: '127.0.0.1',
  dataDir: '/nowhere',
  configPath: join(REPOSITORY, 'config', 'tapedeck.yaml'),
  venue: undefined,
  source: 'generated',
  files: [],
  symbol: undefined,
  seed: undefined,
  speed: '1',
  logLevel: 'info',
  faults: null,
  faultSeed: null,
  stateFolder: null,
}

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-check-first-'))
afterAll(() => rmSync(folder, { recursive: true }))
const liveConfig = join(folder, 'live.yaml')
writeFileSync(
  liveConfig,
  readFileSync(options.configPath, 'utf8').replace(
    /^execution:$/m,
    'execution:\n  venue: binance-usdm',
  ),
)

describe('what is found before anything is started', () => {
  it('nothing, where nothing is wrong', async () => {
    await expect(checkFirst(options)).resolves.toBeUndefined()
    await expect(checkFirst({ ...options, symbol: 'BTCUSDT' })).resolves.toBeUndefined()
  })

  it.each<[string, Partial<UpOptions>, string, RegExp]>([
    ['a symbol that is nowhere', { symbol: 'NOPE' }, 'SYMBOL_UNKNOWN', /NOPE.*BTCUSDT/],
    [
      'a symbol of another venue',
      { symbol: 'XRPETH', source: 'live' },
      'SYMBOL_UNKNOWN',
      /XRPETH.*live/,
    ],
    ['no address', { host: '300.1.1.1' }, 'CONFIG_INVALID', /--host = "300\.1\.1\.1"/],
    ['an address of others', { host: '192.0.2.1' }, 'CONFIG_INVALID', /EADDRNOTAVAIL/],
    ['no configuration', { configPath: '/no/such.yaml' }, 'CONFIG_INVALID', /such\.yaml/],
    ['no recording', { source: 'recording', files: ['/no/such.gz'] }, 'NOT_FOUND', /such\.gz/],
  ])('%s', async (_what, wrong, code, message) => {
    await expect(checkFirst({ ...options, ...wrong })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  const live = { BINANCE_NETWORK: 'demo' }
  it.each<[string, Partial<UpOptions>, Record<string, string>, RegExp]>([
    [
      'a venue and a generated market',
      { venue: 'simulator' },
      {},
      /--venue simulator trades on the market of the venue: leave out --source generated, or .*--venue paper/,
    ],
    [
      'a venue and a recording',
      { venue: 'binance', source: 'recording', files: ['a'] },
      live,
      /--venue binance .*leave out --source recording/,
    ],
    [
      'a venue of the configuration and a generated market',
      { configPath: liveConfig },
      live,
      /execution\.venue of .*live\.yaml trades on the market of the venue: leave out --source generated/,
    ],
    [
      'a real market and a seed',
      { venue: 'binance', source: 'auto', seed: '7' },
      live,
      /has no seed: leave out --seed, or take --venue simulator/,
    ],
    [
      'a live market on paper and a seed',
      { source: 'live', seed: '7' },
      {},
      /--source live plays none: leave one of them out/,
    ],
    [
      'faults on paper',
      { venue: 'paper', faults: 'bad-day' },
      {},
      /--faults is of a simulated venue, and orders go to paper: leave it out, or add --venue simulator/,
    ],
    [
      'a state of a real venue',
      { venue: 'binance', source: 'auto', stateFolder: '/state' },
      live,
      /--state is of a simulated venue, and --venue binance is none/,
    ],
    [
      'a state where the configuration has a real venue',
      { source: 'auto', configPath: liveConfig, stateFolder: '/state' },
      live,
      /--state is of a simulated venue, and execution\.venue of .*live\.yaml is none/,
    ],
    [
      'a seed of no faults',
      { venue: 'simulator', source: 'auto', faultSeed: 1 },
      {},
      /--seed-faults is the seed of what goes wrong, and nothing does: add --faults/,
    ],
    [
      'a state in the folder of the session',
      { venue: 'simulator', source: 'auto', dataDir: '/data', stateFolder: '/data/' },
      {},
      /--state \/data\/ is the data folder of the session: name another one, such as \/data\/venue/,
    ],
    [
      'futures orders on a spot market',
      { venue: 'simulator', source: 'auto' },
      { TAPEDECK_SOURCE_VENUE: 'binance-spot' },
      /TAPEDECK_SOURCE_VENUE is binance-spot: leave it out/,
    ],
  ])('%s', async (_what, wrong, env, message) => {
    await expect(checkFirst({ ...options, ...wrong }, env)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    })
  })

  it('nothing, where a venue and its market go together', async () => {
    const good: [Partial<UpOptions>, Record<string, string>][] = [
      [{ venue: 'simulator', source: 'auto', seed: '7' }, {}],
      [{ venue: 'simulator', source: 'auto', faults: 'bad-day', faultSeed: 2 }, {}],
      [{ venue: 'simulator', source: 'auto', stateFolder: '/nowhere/venue' }, {}],
      [{ venue: 'simulator', source: 'live', symbol: 'BTCUSDT' }, live],
      [{ venue: 'binance', source: 'auto' }, live],
      [{ configPath: liveConfig, venue: 'paper', source: 'generated' }, {}],
      [{ source: 'auto', seed: '7' }, { TAPEDECK_SOURCE_VENUE: 'binance-spot' }],
    ]
    for (const [given, env] of good)
      await expect(checkFirst({ ...options, ...given }, env)).resolves.toBeUndefined()
  })

  it('a symbol that the venue of the orders is not configured for', async () => {
    const wrong = { venue: 'simulator', source: 'auto', symbol: 'XRPETH' } as const
    await expect(checkFirst({ ...options, ...wrong })).rejects.toMatchObject({
      code: 'SYMBOL_UNKNOWN',
    })
  })

  it('a port that is taken', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    await expect(checkFirst({ ...options, port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(String(port)),
    })
    await new Promise((resolve) => taken.close(resolve))
  })
})
