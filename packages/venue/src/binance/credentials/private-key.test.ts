import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  CURVE_PEM,
  ED25519_PEM,
  ENCRYPTED_PEM,
  OLD_ENCRYPTED_PEM,
  RSA_PEM,
  RSA_PEM_OLD,
  SHORT_RSA_PEM,
  bodyOf,
} from './key-pairs.fixture.ts'
import {
  Secret,
  SecretHider,
  keyProblem,
  makeKeyPair,
  readPrivateKey,
  signingText,
} from './index.ts'

const PUBLIC_PEM = createPublicKey(ED25519_PEM).export({ type: 'spki', format: 'pem' }) as string
/** The key of RFC 8410, which every example is signed with. */
const PUBLISHED =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n'
const ZEROS = `-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI${'A'.repeat(43)}\n-----END PRIVATE KEY-----\n`

describe('a private key in PEM', () => {
  it.each<[string, (pem: string) => string]>([
    ['as openssl writes it', (pem) => pem],
    ['without its last line break', (pem) => pem.trim()],
    ['with line breaks of Windows', (pem) => pem.replaceAll('\n', '\r\n')],
    ['in one line, as an environment file has it', (pem) => pem.replaceAll('\n', String.raw`\n`)],
    ['with blanks for line breaks', (pem) => pem.replaceAll('\n', ' ')],
    ['indented', (pem) => pem.replaceAll(/^/gm, '    ')],
    ['with a word before it', (pem) => `Bag Attributes\n${pem}`],
  ])('is read %s, and spelled one way', (_, alter) => {
    for (const [pem, kind] of [
      [ED25519_PEM, 'Ed25519'],
      [RSA_PEM, 'RSA'],
      [RSA_PEM_OLD, 'RSA'],
    ] as const) {
      const reading = readPrivateKey(alter(pem))
      expect(reading).toMatchObject({ ok: true, kind })
      const text = signingText(new Secret(alter(pem)))
      expect(text).toBe((pem === RSA_PEM_OLD ? RSA_PEM : pem).trim())
      // ccxt tells the kinds apart by this.
      expect(text.length > 120).toBe(kind === 'RSA')
      expect(keyProblem(new Secret(alter(pem)))).toBeNull()
    }
  })

  it.each<[string, string, string]>([
    ['that is encrypted', ENCRYPTED_PEM, 'is encrypted by itself'],
    ['that is encrypted in the old way', OLD_ENCRYPTED_PEM, 'is encrypted by itself'],
    ['that is public', PUBLIC_PEM, 'is a public key: expected the private key'],
    ['of another curve', CURVE_PEM, 'is a key of ec: expected Ed25519 or RSA'],
    ['that is too short', SHORT_RSA_PEM, 'is an RSA key of 1024 bits: expected 2048 or more'],
    ['that is cut off', ED25519_PEM.slice(0, -30), 'is a part of a PEM text'],
    [
      'without its middle',
      ED25519_PEM.replace(/MC4C.{20}/, ''),
      'is no private key that can be read',
    ],
    ['of nothing', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', 'is no private key'],
  ])('%s is refused with the reason', (_, pem, words) => {
    expect(keyProblem(new Secret(pem))).toContain(words)
    expect(() => signingText(new Secret(pem))).toThrow(
      expect.objectContaining({ code: 'CREDENTIALS_INVALID' }),
    )
    expect(() => signingText(new Secret(pem))).toThrow(words)
  })

  it.each<[string, string, string]>([
    ['the one of every example', PUBLISHED, 'is the one of the documentation'],
    ['nothing but zeros', ZEROS, 'repeats itself'],
    [
      'a placeholder',
      '-----BEGIN PRIVATE KEY-----\nyour private key: replace\n-----END PRIVATE KEY-----',
      'is a placeholder',
    ],
  ])('that is %s is no key', (_, pem, words) => {
    expect(keyProblem(new Secret(pem))).toBe(words)
  })

  it('is no API key', () => {
    for (const pem of [ED25519_PEM, PUBLIC_PEM])
      expect(keyProblem(new Secret(pem), 'API key')).toBe(
        'is a text in PEM: that is for the secret',
      )
  })

  it('may be made here', () => {
    const { privateKey, publicKey } = makeKeyPair()
    expect(keyProblem(privateKey)).toBeNull()
    expect(createPublicKey(privateKey.reveal()).equals(createPublicKey(publicKey))).toBe(true)
    expect(publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
    expect(makeKeyPair().publicKey).not.toBe(publicKey)
    expect(verify(null, Buffer.from('x'), publicKey, Buffer.alloc(64))).toBe(false)
  })

  it('or any text is read or refused, and nothing of it is shown', () => {
    const around = fc
      .tuple(fc.constantFrom(ED25519_PEM, RSA_PEM), fc.nat(), fc.nat(), fc.string())
      .map(
        ([pem, from, to, put]) =>
          pem.slice(0, from % pem.length) + put + pem.slice(to % pem.length),
      )
    fc.assert(
      fc.property(fc.oneof(around, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const problem = keyProblem(new Secret(text))
        expect(problem === null || !problem.includes(text) || text.length < 3).toBe(true)
        const reading = readPrivateKey(text)
        expect(reading.ok || reading.problem.length > 0).toBe(true)
      }),
    )
  })
})

describe('nothing of a private key leaves', () => {
  const hiders = [ED25519_PEM, RSA_PEM, RSA_PEM_OLD].flatMap((pem) =>
    [pem, pem.replaceAll('\n', String.raw`\n`), signingText(new Secret(pem))].map(
      (given): [string, SecretHider] => [
        pem,
        new SecretHider({
          apiKey: new Secret('q8Zr2LmT5vXwB9nKcJ4hGdF7'),
          secret: new Secret(given),
        }),
      ],
    ),
  )

  it.each<[string, (pem: string) => string]>([
    ['as it is', (pem) => pem],
    ['in JSON', (pem) => JSON.stringify({ pem })],
    ['in a URL', (pem) => `x?key=${encodeURIComponent(pem)}`],
    ['in one line', (pem) => pem.replaceAll('\n', String.raw`\n`)],
    ['without its frame', bodyOf],
    ['its body in JSON', (pem) => JSON.stringify([bodyOf(pem)])],
    ['its body in a URL', (pem) => encodeURIComponent(bodyOf(pem))],
    ['a line of it', (pem) => pem.split('\n')[1]!],
    ['cut off', (pem) => pem.slice(0, 80)],
  ])('%s', (_, show) => {
    for (const [pem, hider] of hiders) {
      const clean = hider.hide(`before ${show(pem)} after`)
      expect(clean).toContain('[secret]')
      for (const line of pem
        .split('\n')
        .filter((one) => one.length >= 16 && !one.includes('-----')))
        for (let at = 0; at + 16 <= line.length; at += 8)
          expect(clean).not.toContain(line.slice(at, at + 16))
      expect(clean.startsWith('before ')).toBe(true)
    }
  })

  it.each<[string, string]>([
    ['a key of somebody else', ED25519_PEM],
    ['a signature of Ed25519', `${'aB3/'.repeat(21)}aB==`],
    ['a signature of RSA', `${'aB3/'.repeat(85)}aBc=`],
  ])('%s is hidden by its form', (_, text) => {
    expect(new SecretHider(null).hide(`of ${text.trim()}`)).toBe('of [secret]')
  })
})
