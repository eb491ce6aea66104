import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { type TapedeckError, configHash } from '@tapedeck/contracts'
import { z } from 'zod'
import { BASE_CONFIG, CONFIG_PREFIXES, flag, wholeNumber } from './base-config.ts'
import { defineConfig, describeConfig } from './define-config.ts'
import { didYouMean } from './did-you-mean.ts'
import { loadConfig } from './load-config.ts'
import { loadTradingConfig, parseTradingConfig } from './load-trading-config.ts'

const SECRET = 'hD3v9QmX2sLk7RpT0wYzB5nCfJ8aGeUi4oVxE6Mr'
const folder = mkdtempSync(join(tmpdir(), 'tapedeck-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const failure = (work: () => unknown): TapedeckError => {
  try {
    work()
  } catch (error) {
    return error as TapedeckError
  }
  throw new Error('expected a failure')
}

const problemsOf = (work: () => unknown): unknown => {
  const error = failure(work)
  expect(error.code).toBe('CONFIG_INVALID')
  return error.details['problems']
}

describe('didYouMean', () => {
  it.each([
    ['TAPEDECK_PROT', 'TAPEDECK_PORT'],
    ['TAPEDECK_LOGLEVEL', 'TAPEDECK_LOG_LEVEL'],
    ['tapedeck_host', 'TAPEDECK_HOST'],
    ['TAPEDECK_SOMETHING_ELSE', null],
    ['X'.repeat(10_000), null],
  ])('%s gives %s', (word, expected) => {
    expect(didYouMean(word, Object.keys(BASE_CONFIG))).toBe(expected)
  })
})

const definition = defineConfig({
  TAPEDECK_SIZE: { schema: wholeNumber(1, 9).default(3), description: 'a size' },
  TAPEDECK_ON: { schema: flag().default(false), description: 'a switch' },
  TAPEDECK_KEY: {
    schema: z.string().min(8, 'expected at least 8 characters'),
    description: 'a key',
    secret: true,
  },
})
const load = (env: Record<string, string>) =>
  loadConfig(definition, env, { prefixes: ['TAPEDECK_'], alsoKnown: ['TAPEDECK_OTHER'] })

const loadBadly = () =>
  load({ TAPEDECK_SIZE: '12', TAPEDECK_ON: 'yes', TAPEDECK_KEY: 'topsecr', TAPEDECK_SIZ: '1' })

describe('loadConfig', () => {
  it('reads values, defaults, and the empty variable as not set', () => {
    const config = load({
      TAPEDECK_ON: 'true',
      TAPEDECK_SIZE: '',
      TAPEDECK_KEY: 'abcdefgh',
      HOME: '/',
    })
    expect(config).toEqual({ TAPEDECK_SIZE: 3, TAPEDECK_ON: true, TAPEDECK_KEY: 'abcdefgh' })
  })

  it('names every bad key at once, with value and expectation, and no secret', () => {
    expect(problemsOf(loadBadly)).toEqual([
      { key: 'TAPEDECK_SIZE', value: '"12"', expected: 'expected a whole number 1 to 9' },
      { key: 'TAPEDECK_ON', value: '"yes"', expected: 'expected true or false' },
      {
        key: 'TAPEDECK_KEY',
        value: '(secret, 7 characters)',
        expected: 'expected at least 8 characters',
      },
      { key: 'TAPEDECK_SIZ', value: null, expected: 'unknown key; did you mean TAPEDECK_SIZE?' },
    ])
    expect(failure(loadBadly).message).not.toContain('topsecr')
  })

  it('takes a secret from a file, without its last line break', () => {
    const path = join(folder, 'key')
    writeFileSync(path, 'from a file\n')
    expect(load({ TAPEDECK_KEY_FILE: path }).TAPEDECK_KEY).toBe('from a file')
  })

  it('takes what moves money from no file that everybody may read', () => {
    const path = join(folder, 'money')
    writeFileSync(path, 'from a file\n')
    const key = { schema: z.string(), description: 'a key', secret: true, ownerOnly: true }
    const read = () => loadConfig({ MONEY: key }, { MONEY_FILE: path })
    chmodSync(path, 0o644)
    expect(problemsOf(read)).toMatchObject([
      { key: 'MONEY_FILE', expected: expect.stringContaining(`run: chmod 600 ${path}`) },
    ])
    chmodSync(path, 0o600)
    expect(read()).toEqual({ MONEY: 'from a file' })
  })

  it.each([
    [{ TAPEDECK_KEY: 'abcdefgh', TAPEDECK_KEY_FILE: '/x' }, 'TAPEDECK_KEY', 'found both'],
    [{ TAPEDECK_KEY_FILE: '/does/not/exist' }, 'TAPEDECK_KEY_FILE', 'ENOENT'],
    [{}, 'TAPEDECK_KEY', 'is required: a key'],
  ])('refuses %j', (env, key, words) => {
    const [problem] = problemsOf(() => load(env)) as { key: string; expected: string }[]
    expect(problem).toMatchObject({ key, expected: expect.stringContaining(words) })
  })

  it('knows the keys of other services in a shared environment', () => {
    expect(() => load({ TAPEDECK_KEY: 'abcdefgh', TAPEDECK_OTHER: '1' })).not.toThrow()
  })
})

describe('the base configuration', () => {
  const env = {
    NATS_URL: 'nats://a:4222, tls://b:4222',
    POSTGRES_URL: 'postgres://risk:pw@127.0.0.1/tapedeck',
    TAPEDECK_JWT_SECRET: SECRET,
  }

  it('listens on loopback unless told otherwise, and traces nowhere', () => {
    expect(loadConfig(BASE_CONFIG, env, { prefixes: CONFIG_PREFIXES })).toMatchObject({
      TAPEDECK_HOST: '127.0.0.1',
      TAPEDECK_PORT: 0,
      OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
      REDIS_URL: undefined,
    })
  })

  it.each([
    ['too short', 'hD3v9QmX2sLk7RpT0wYzB5nCfJ8a'],
    ['repeated', 'abcabcabcabcabcabcabcabcabcabcabcabcabc'],
    ['a placeholder', 'change-me-change-me-please-change-me-0123456789'],
    ['an example', 'this-is-an-example-secret-of-some-length-42'],
  ])('refuses a signing secret that is %s', (_why, secret) => {
    const work = () => loadConfig(BASE_CONFIG, { ...env, TAPEDECK_JWT_SECRET: secret })
    expect(failure(work).message).toContain('openssl rand -base64 48')
    expect(failure(work).message).not.toContain(secret)
  })

  it.each([
    ['NATS_URL', 'localhost:4222'],
    ['POSTGRES_URL', 'mysql://x'],
    ['TAPEDECK_PORT', '65536'],
    ['TAPEDECK_PORT', '1e3'],
    ['TAPEDECK_LOG_LEVEL', 'loud'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ])('refuses %s = %s', (key, value) => {
    const work = () => loadConfig(BASE_CONFIG, { ...env, [key]: value })
    expect(problemsOf(work)).toMatchObject([{ key }])
  })

  it('never offers a default for a secret', () => {
    const secrets = describeConfig(BASE_CONFIG).filter((row) => row.secret)
    expect(secrets.map((row) => row.default)).toEqual(secrets.map(() => null))
    expect(
      describeConfig(BASE_CONFIG).find((row) => row.key === 'TAPEDECK_JWT_SECRET')?.required,
    ).toBe(true)
  })
})

describe('the trading configuration', () => {
  const path = new URL('../../../../config/tapedeck.yaml', import.meta.url).pathname
  const minimal = `
instruments:
  - venue: generated
    symbol: BTCUSDT
    base_asset: BTC
    quote_asset: USDT
    tick_size: '0.1'
    lot_size: '0.001'
    min_quantity: '0.001'
    min_notional: '100'
    profile_bin_ticks: 100
    min_absorption_volume: 50
`

  it('as shipped is valid, and only says the defaults aloud', () => {
    const { instruments, ...sections } = loadTradingConfig(path)
    const { instruments: _, ...defaults } = parseTradingConfig(minimal, 'minimal')
    expect(sections).toEqual(defaults)
    expect(instruments.map(({ venue, symbol }) => `${venue} ${symbol}`)).toEqual([
      'binance-usdm BTCUSDT',
      'generated BTCUSDT',
      'binance-spot BTCUSDT',
      'binance-spot NEXOUSDT',
      'binance-spot XRPETH',
    ])
  })

  it.each([
    [
      "tick_size: '0.1'",
      'tick_size: 0.1',
      'line 7: instruments[0].tick_size = 0.1',
      "write it in quotes ('0.1')",
    ],
    [
      'lot_size:',
      'lot_sise:',
      'line 8: instruments[0].lot_sise = "0.001"',
      'did you mean lot_size?',
    ],
    ["lot_size: '0.001'", '', 'instruments[0].lot_size', 'is required'],
    [
      'instruments:',
      'risk: {max_leverage: .nan}\ninstruments:',
      'line 2: risk.max_leverage = NaN',
      'expected number',
    ],
    [
      'instruments:',
      'risk: {max_leverage: 500}\ninstruments:',
      'line 2: risk.max_leverage = 500',
      '<=125',
    ],
    ['instruments:', 'rsik: {}\ninstruments:', 'line 2: rsik = {}', 'did you mean risk?'],
    ['instruments:', 'instruments: [', 'line ', ''],
    ['venue: generated', 'venue: a\n    venue: b', 'line ', 'unique'],
  ])('says where "%s" became wrong', (from, to, where, words) => {
    const { message } = failure(() => parseTradingConfig(minimal.replace(from, to), 'my.yaml'))
    expect(message).toContain('my.yaml is invalid')
    expect(message).toContain(where)
    expect(message).toContain(words)
  })

  it.each(['', '[]', 'null', '- 1', '%', '\u0000', '&a [*a]', '*a', 'instruments: &a [*a]'])(
    'refuses %j',
    (text) => {
      expect(failure(() => parseTradingConfig(text, 'x')).code).toBe('CONFIG_INVALID')
    },
  )

  it('names a file that is not there', () => {
    expect(failure(() => loadTradingConfig('/no/such.yaml')).message).toContain('/no/such.yaml')
  })

  it('takes no replacement characters for what somebody wrote', () => {
    const file = join(folder, 'latin-1.yaml')
    writeFileSync(file, Buffer.from(`# caf\u00e9\n${minimal}`, 'latin1'))
    expect(problemsOf(() => loadTradingConfig(file))).toEqual([
      { key: '(the file)', value: null, expected: 'expected UTF-8' },
    ])
  })

  it('has a hash that does not depend on the order of keys', () => {
    expect(configHash({ a: 1, b: [2, { d: 3, c: 4 }] })).toBe(
      configHash({ b: [2, { c: 4, d: 3 }], a: 1 }),
    )
    expect(configHash({ a: 1 })).not.toBe(configHash({ a: 2 }))
    expect(configHash({ a: 1 })).toMatch(/^[0-9a-f]{16}$/)
  })
})
