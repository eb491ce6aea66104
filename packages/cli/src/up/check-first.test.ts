import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
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
}

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
