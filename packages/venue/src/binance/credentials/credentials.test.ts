import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createPublicKey } from 'node:crypto'
import { ED25519_PEM, ENCRYPTED_PEM, RSA_PEM, RSA_PEM_OLD } from './key-pairs.fixture.ts'
import {
  Secret,
  SecretHider,
  openCredentials,
  readCredentials,
  sealCredentials,
  writeCredentialsFile,
} from './index.ts'

const KEY = 'q8Zr2LmT5vXwB9nKcJ4hGdF7sPyA3eUiO6tRbWkVxHzMjNQ1oCfDgYlSaEuIpT0B'
const SECRET = 'Vb3nMq7Wz1XcR5tYu9Ip2AsDf6GhJ8kLoP4eQwErTyUi0OaSdFgHjKlZxCvBnM5N'
const PUBLIC_PEM = createPublicKey(ED25519_PEM).export({ type: 'spki', format: 'pem' }) as string
const PASSPHRASE = new Secret('correct horse battery')
const credentials = { apiKey: new Secret(KEY), secret: new Secret(SECRET) }
const folder = mkdtempSync(join(tmpdir(), 'tapedeck-credentials-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

type SealedJson = {
  version: number
  data: string
  tag?: string
  kdf: { N: number; salt: string }
}

describe('a secret', () => {
  it('prints as nothing but [secret]', () => {
    const { secret } = credentials
    const shown = [
      `a ${secret as unknown as string}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: { deeper: { secret } } }, { depth: 9, showHidden: true }),
      inspect(new Error('x', { cause: secret })),
      Object.keys(secret).join(),
      Object.values(secret).join(),
      JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
    ].join('\n')
    expect(shown).toContain('[secret]')
    expect(shown).not.toContain(SECRET)
    expect(secret.reveal()).toBe(SECRET)
  })
})

describe('an encrypted file of credentials', () => {
  const sealed = sealCredentials(credentials, PASSPHRASE)
  const alter = (change: (json: SealedJson) => void): string => {
    const json = JSON.parse(sealed) as SealedJson
    change(json)
    return JSON.stringify(json)
  }

  it('opens with its passphrase, and holds nothing readable', () => {
    const { apiKey, secret } = openCredentials(sealed, PASSPHRASE)
    expect([apiKey.reveal(), secret.reveal()]).toEqual([KEY, SECRET])
    expect(sealed).not.toContain(KEY)
    expect(sealed).not.toContain(SECRET)
    expect(sealCredentials(credentials, PASSPHRASE)).not.toBe(sealed)
  })

  it.each([
    ['not JSON', 'hello', 'is damaged: it is not JSON'],
    ['cut off', sealed.slice(0, -40), 'is damaged: it is not JSON'],
    ['something else', '{"a":1}', 'is none'],
    ['null', 'null', 'is damaged'],
    ['a newer version', alter((json) => (json.version = 2)), 'has version 2: this program reads 1'],
    [
      'a flipped letter',
      alter((json) => (json.data = `A${json.data.slice(1)}`)),
      'is damaged: its checksum',
    ],
    [
      'another salt',
      alter((json) => (json.kdf.salt = 'AAAAAAAAAAAAAAAAAAAAAA==')),
      'is damaged: its checksum',
    ],
    ['a memory bomb', alter((json) => (json.kdf.N = 2 ** 40)), 'asks for scrypt N'],
    ['no power of two', alter((json) => (json.kdf.N = 1000)), 'expected a power of two'],
    ['no tag', alter((json) => delete json.tag), 'has no tag'],
  ])('%s is refused with the reason', (_name, text, words) => {
    expect(() => openCredentials(text, PASSPHRASE)).toThrow(words)
  })

  it('a wrong passphrase is called that', () => {
    expect(() => openCredentials(sealed, new Secret('incorrect horse'))).toThrow(
      'the passphrase is wrong',
    )
    expect(() => sealCredentials(credentials, new Secret('short'))).toThrow(
      'has 5 characters: expected 12 or more',
    )
  })

  it('any text is refused in order, and nothing of it is shown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => openCredentials(text, PASSPHRASE)).toThrow(
          expect.objectContaining({ code: 'CREDENTIALS_INVALID' }),
        )
      }),
    )
  })

  it('is written for its owner alone, and replaces nothing', () => {
    const path = join(folder, 'new.json')
    writeCredentialsFile(path, credentials, PASSPHRASE)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const before = readFileSync(path, 'utf8')
    expect(() => writeCredentialsFile(path, credentials, PASSPHRASE)).toThrow(
      expect.objectContaining({ code: 'OUTPUT_EXISTS' }),
    )
    expect(readFileSync(path, 'utf8')).toBe(before)
    const { apiKey } = openCredentials(before, PASSPHRASE)
    expect(apiKey.reveal()).toBe(KEY)
  })
})

describe('where credentials come from', () => {
  const pair = { BINANCE_API_KEY: KEY, BINANCE_API_SECRET: SECRET }
  const sealedPath = join(folder, 'sealed.json')
  writeCredentialsFile(sealedPath, credentials, PASSPHRASE)
  const files = {
    BINANCE_API_KEY_FILE: file('key', `${KEY}\n`),
    BINANCE_API_SECRET_FILE: file('secret', `${SECRET}\r\n`),
  }
  const passphraseFile = file('passphrase', `${PASSPHRASE.reveal()}\n`)
  const sealedPem = join(folder, 'sealed-pem.json')
  writeCredentialsFile(
    sealedPem,
    { apiKey: new Secret(KEY), secret: new Secret(ED25519_PEM) },
    PASSPHRASE,
  )

  it.each<[string, Record<string, string>, string]>([
    ['the environment', { BINANCE_API_KEY: KEY, BINANCE_API_SECRET: RSA_PEM }, RSA_PEM],
    [
      'the environment, in one line',
      { BINANCE_API_KEY: KEY, BINANCE_API_SECRET: ED25519_PEM.replaceAll('\n', String.raw`\n`) },
      ED25519_PEM,
    ],
    [
      'a file',
      { BINANCE_API_KEY: KEY, BINANCE_API_SECRET_FILE: file('pem', ED25519_PEM) },
      ED25519_PEM,
    ],
    [
      'a file of the old spelling',
      { BINANCE_API_KEY: KEY, BINANCE_API_SECRET_FILE: file('old-pem', RSA_PEM_OLD) },
      RSA_PEM,
    ],
    [
      'an encrypted file',
      { BINANCE_CREDENTIALS_FILE: sealedPem, BINANCE_PASSPHRASE_FILE: passphraseFile },
      ED25519_PEM,
    ],
  ])('a private key in PEM: %s', (_name, environment, pem) => {
    const found = readCredentials(environment)
    expect([found?.apiKey.reveal(), found?.secret.reveal()]).toEqual([KEY, pem.trim()])
  })

  it.each([
    ['the environment', pair],
    ['files', files],
    [
      'one of each',
      { BINANCE_API_KEY: KEY, BINANCE_API_SECRET_FILE: files.BINANCE_API_SECRET_FILE },
    ],
    [
      'an encrypted file',
      { BINANCE_CREDENTIALS_FILE: sealedPath, BINANCE_PASSPHRASE_FILE: passphraseFile },
    ],
  ])('%s', (_name, environment) => {
    const found = readCredentials(environment)
    expect([found?.apiKey.reveal(), found?.secret.reveal()]).toEqual([KEY, SECRET])
  })

  it('nothing set is nothing, not an error', () => {
    expect(readCredentials({})).toBeNull()
    expect(readCredentials({ BINANCE_API_KEY: '', BINANCE_API_SECRET: '' })).toBeNull()
  })

  it.each([
    [
      'half of a pair',
      { BINANCE_API_KEY: KEY },
      'BINANCE_API_KEY is set without BINANCE_API_SECRET',
    ],
    [
      'the other half',
      { BINANCE_API_SECRET: SECRET },
      'BINANCE_API_SECRET is set without BINANCE_API_KEY',
    ],
    [
      'twice the same',
      { ...pair, BINANCE_API_KEY_FILE: files.BINANCE_API_KEY_FILE },
      'BINANCE_API_KEY and BINANCE_API_KEY_FILE are both set',
    ],
    [
      'two sources',
      { ...pair, BINANCE_CREDENTIALS_FILE: sealedPath },
      'set one source of credentials',
    ],
    [
      'no passphrase',
      { BINANCE_CREDENTIALS_FILE: sealedPath },
      'is set without BINANCE_PASSPHRASE',
    ],
    ['no such file', { BINANCE_API_KEY_FILE: join(folder, 'none') }, 'it cannot be read (ENOENT)'],
    [
      'a private key that is encrypted by itself',
      { BINANCE_API_KEY: KEY, BINANCE_API_SECRET: ENCRYPTED_PEM },
      'the secret is encrypted by itself',
    ],
    [
      'a public key',
      { BINANCE_API_KEY: KEY, BINANCE_API_SECRET: PUBLIC_PEM },
      'the secret is a public key: expected the private key',
    ],
    ['an empty file', { BINANCE_API_KEY_FILE: file('empty', '\n') }, 'it is empty'],
    ['a file for everybody', { BINANCE_API_KEY_FILE: file('open', KEY, 0o644) }, 'run: chmod 600'],
    [
      'a sealed file for everybody',
      { BINANCE_CREDENTIALS_FILE: file('openseal', '{}', 0o604), BINANCE_PASSPHRASE: 'x' },
      'run: chmod 600',
    ],
  ])('refuses %s', (_name, environment, words) => {
    expect(() => readCredentials(environment)).toThrow(words)
  })
})

describe('what leaves the adapter', () => {
  const hider = new SecretHider(credentials)
  it.each([
    ['the key', `key ${KEY} in a text`],
    ['the secret, in a URL', `x?secret=${encodeURIComponent(SECRET)}&y`],
    [
      'a signature',
      'GET /order?a=1&signature=3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9',
    ],
    [
      'a listen key by its name',
      '{"listenKey":"pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1"}',
    ],
    ['a listen key in a path', 'wss://fstream/private/ws/pqia91ma19a5s61cv6a81va65'],
    ['a listen key in a query', 'wss://fstream/private/ws?listenKey=pqia91ma19a5s61c'],
    ['a header', 'X-MBX-APIKEY: abcdefghijk'],
  ])('has no %s', (_name, text) => {
    const clean = hider.hide(text)
    expect(clean).toContain('[secret]')
    expect(clean).not.toMatch(/3c6612|pqia91|abcdefghijk|q8Zr2L|Vb3nMq/)
  })

  it('forgets no listen key that it was told', () => {
    hider.learn('short-listen-key')
    expect(hider.hide('it was short-listen-key.')).toBe('it was [secret].')
  })

  it('leaves every other text as it is', () => {
    const text = 'Invalid API-key, IP, or permissions for action. Order 22542179 of BTCUSDT-0001.'
    expect(hider.hide(text)).toBe(text)
  })
})
