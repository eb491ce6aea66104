import { describe, expect, it } from '@jest/globals'
import { checkLiveTrading, type LiveTradingRequest } from './check-live-trading.ts'
import { Secret, makeKeyPair } from './credentials/index.ts'

const KEY = 'q8Zr2LmT5vXwB9nKcJ4hGdF7sPyA3eUiO6tRbWkVxHzMjNQ1oCfDgYlSaEuIpT0B'
const SECRET = 'Vb3nMq7Wz1XcR5tYu9Ip2AsDf6GhJ8kLoP4eQwErTyUi0OaSdFgHjKlZxCvBnM5N'
const credentials = (apiKey = KEY, secret = SECRET) => ({
  apiKey: new Secret(apiKey),
  secret: new Secret(secret),
})
const live: LiveTradingRequest = {
  venue: 'binance-usdm',
  network: 'mainnet',
  account: 'main',
  confirmation: 'main',
  credentials: credentials(),
}

describe('whether this may be traded', () => {
  it.each<[string, Partial<LiveTradingRequest>, 'paper' | 'play' | 'real']>([
    ['paper needs nothing', { venue: 'paper', network: null, credentials: null }, 'paper'],
    ['paper stays paper whatever else is set', { venue: 'paper' }, 'paper'],
    ['demo needs keys', { network: 'demo', confirmation: null }, 'play'],
    [
      'a venue of one’s own takes any key',
      { network: 'custom', credentials: credentials('test', 'test') },
      'play',
    ],
    ['everything for real money', {}, 'real'],
  ])('%s', (_name, given, money) => {
    expect(checkLiveTrading({ ...live, ...given })).toEqual({ allowed: true, money })
  })

  const PLACEHOLDERS: [string, string][] = [
    ['', 'is empty'],
    ['your-api-key', 'is a placeholder'],
    ['YOUR_API_KEY_HERE_0123456789_ABCDEFGH_0123', 'is a placeholder'],
    ['changeme', 'is a placeholder'],
    ['xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'is a placeholder'],
    ['<insert key>', 'is a placeholder'],
    ['...', 'is a placeholder'],
    ['test-key', 'is a placeholder'],
    ['short', 'has 5 characters, a key has 32 or more'],
    ['xxx', 'has 3 characters, a key has 32 or more'],
    ['a1'.repeat(32), 'repeats itself'],
    ['0'.repeat(64), 'repeats itself'],
    ['q8Zr2LmT5vXwB9nK'.repeat(4), 'repeats itself'],
    [`${KEY} `, 'has blanks around it'],
    [`${KEY.slice(0, 60)}ключ`, 'has characters that no key has'],
    [
      '2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9',
      'is the one of the documentation',
    ],
  ]
  it.each(PLACEHOLDERS)('refuses the key %j: it %s', (text, problem) => {
    for (const [given, name] of [
      [credentials(text), 'BINANCE_API_KEY'],
      [credentials(KEY, text), 'BINANCE_API_SECRET'],
    ] as const) {
      const answer = checkLiveTrading({ ...live, credentials: given })
      expect(answer).toMatchObject({
        allowed: false,
        refusals: [expect.stringContaining(`${name} ${problem}`)],
      })
      const shown = text.length > 8 && JSON.stringify(answer).includes(text)
      expect(shown).toBe(false)
    }
  })

  it('a PEM key is no placeholder', () => {
    const secret = makeKeyPair().privateKey.reveal()
    expect(checkLiveTrading({ ...live, credentials: credentials(KEY, secret) })).toMatchObject({
      allowed: true,
    })
  })

  it('a PEM key is no API key, and has to be one that signs', () => {
    const pem = makeKeyPair().privateKey.reveal()
    const half = pem.slice(0, 60)
    expect(checkLiveTrading({ ...live, credentials: credentials(pem, half) })).toMatchObject({
      allowed: false,
      refusals: [
        'BINANCE_API_KEY is a text in PEM: that is for the secret: set it to a key of the venue',
        'BINANCE_API_SECRET is a part of a PEM text: expected all of it: set it to the secret of that key',
      ],
    })
  })

  it.each<[string, Partial<LiveTradingRequest>, string]>([
    [
      'a venue that nobody knows',
      { venue: 'kraken' },
      'execution.venue is kraken: set paper or binance-usdm',
    ],
    [
      'no network: never mainnet by default',
      { network: null },
      'BINANCE_NETWORK is not set: set mainnet, demo or custom',
    ],
    [
      'a network that nobody knows',
      { network: 'testnet' },
      'BINANCE_NETWORK is testnet: set mainnet, demo or custom',
    ],
    ['no keys', { credentials: null }, 'there are no keys: set BINANCE_API_KEY'],
    ['no confirmation', { confirmation: null }, 'BINANCE_LIVE_ACCOUNT is not set: set it to main'],
    [
      'an empty confirmation',
      { confirmation: '' },
      'BINANCE_LIVE_ACCOUNT is not set: set it to main',
    ],
    [
      'another account’s confirmation',
      { confirmation: 'Main' },
      'BINANCE_LIVE_ACCOUNT is Main: it has to be main',
    ],
    [
      'yes is no confirmation',
      { confirmation: 'true' },
      'BINANCE_LIVE_ACCOUNT is true: it has to be main',
    ],
    [
      'one text for both',
      { credentials: credentials(KEY, KEY) },
      'BINANCE_API_SECRET is the same text as BINANCE_API_KEY',
    ],
  ])('refuses %s', (_name, given, words) => {
    expect(checkLiveTrading({ ...live, ...given })).toMatchObject({
      allowed: false,
      refusals: [expect.stringContaining(words)],
    })
  })

  it('says everything that is wrong at once', () => {
    const answer = checkLiveTrading({
      ...live,
      confirmation: null,
      credentials: credentials('changeme', 'changeme'),
    })
    expect(answer.allowed ? [] : answer.refusals).toHaveLength(4)
  })

  it('a key as the venue makes them is never taken for a placeholder', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
    let state = 12_345
    const draw = (): string => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return letters[Math.floor((state / 2_147_483_648) * 62)] ?? 'A'
    }
    for (let times = 0; times < 2_000; times++) {
      const apiKey = Array.from({ length: 64 }, draw).join('')
      const secret = Array.from({ length: 64 }, draw).join('')
      expect(checkLiveTrading({ ...live, credentials: credentials(apiKey, secret) })).toMatchObject(
        { allowed: true },
      )
    }
  })
})
