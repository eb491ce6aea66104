import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { TradingConfig } from '@tapedeck/contracts'
import { loadConfig, loadTradingConfig } from '@tapedeck/runtime'
import { CONFIG } from './config.ts'
import { readLiveSettings } from './live-settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-live-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CONFIG_FILE = new URL('../../../config/tapedeck.yaml', import.meta.url).pathname
const paper = loadTradingConfig(CONFIG_FILE)
const live: TradingConfig = {
  ...paper,
  execution: { ...paper.execution, venue: 'binance-usdm', account: 'main' },
}
const KEY = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P7'
const SECRET = 'z9Y8x7W6v5U4t3S2r1Q0p9O8n7M6l5K4z9Y8x7W6v5U4t3S2r1Q0p9O8n7M6l5K5'

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, `${text}\n`, { mode: 0o600 })
  return path
}
const read = (environment: Record<string, string>, trading: TradingConfig = live) =>
  readLiveSettings(loadConfig(CONFIG, environment), trading)

const files = (key: string, secret: string) => ({
  BINANCE_API_KEY_FILE: write('key', key),
  BINANCE_API_SECRET_FILE: write('secret', secret),
})

describe('what trading on a live venue takes', () => {
  it('is nothing on paper, whatever else is set', () => {
    expect(read({ BINANCE_NETWORK: 'mainnet' }, paper)).toBeNull()
  })

  it('is three settings and two keys for real money', () => {
    const keys = files(KEY, SECRET)
    const all = { ...keys, BINANCE_NETWORK: 'mainnet', BINANCE_LIVE_ACCOUNT: 'main' }
    expect(read(all)).toMatchObject({ money: 'real', network: 'mainnet', symbols: ['BTCUSDT'] })
    expect(read({ ...keys, BINANCE_NETWORK: 'demo' })).toMatchObject({ money: 'play' })
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['no network', { BINANCE_NETWORK: '' }, /BINANCE_NETWORK is not set/],
    ['no account', { BINANCE_LIVE_ACCOUNT: '' }, /BINANCE_LIVE_ACCOUNT is not set: set it to main/],
    ['another account', { BINANCE_LIVE_ACCOUNT: 'yours' }, /is yours: it has to be main/],
    [
      'a placeholder',
      { BINANCE_API_KEY_FILE: '', BINANCE_API_KEY: `changeme-${KEY}` },
      /BINANCE_API_KEY is a placeholder/,
    ],
    ['half a pair', { BINANCE_API_SECRET_FILE: '' }, /BINANCE_API_KEY is set without/],
    ['custom without addresses', { BINANCE_NETWORK: 'custom' }, /BINANCE_REST_URL/],
  ])('refuses %s, and shows no key', (_what, changed, words) => {
    const environment = {
      ...files(KEY, SECRET),
      BINANCE_NETWORK: 'mainnet',
      BINANCE_LIVE_ACCOUNT: 'main',
      ...changed,
    }
    expect(() => read(environment)).toThrow(words)
    expect(() => read(environment)).not.toThrow(new RegExp(`${KEY}|${SECRET}`))
  })

  it('reads the files again, and says what is wrong with them', () => {
    const environment = { ...files(KEY, SECRET), BINANCE_NETWORK: 'demo' }
    const settings = read(environment)
    const other = KEY.replace('a1', 'q7')
    write('key', other)
    expect(settings?.rereadCredentials()?.apiKey.reveal()).toBe(other)
    chmodSync(environment.BINANCE_API_SECRET_FILE, 0o644)
    expect(() => settings?.rereadCredentials()).toThrow(/chmod 600/)
    chmodSync(environment.BINANCE_API_SECRET_FILE, 0o600)
  })

  it('has nothing else to read where keys came as variables', () => {
    const keys = { BINANCE_API_KEY: KEY, BINANCE_API_SECRET: SECRET }
    const again = read({ ...keys, BINANCE_NETWORK: 'demo' })?.rereadCredentials()
    expect([again?.apiKey.reveal(), again?.secret.reveal()]).toEqual([KEY, SECRET])
  })
})
