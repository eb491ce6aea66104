import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { publicVenueKey } from './public-venue-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-public-key-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const A = 'a'.repeat(64)

describe('publicVenueKey', () => {
  const path = file('public.pem', publicKey)

  it('goes by the same name in every run, however its lines end', () => {
    const key = publicVenueKey(path, {})
    expect(key).toEqual({ apiKey: key.apiKey, publicKey, from: path })
    expect(key.apiKey).toMatch(/^[a-z0-9]{64}$/)
    const other = file('windows.pem', publicKey.replaceAll('\n', '\r\n'))
    expect(publicVenueKey(other, {}).apiKey).toBe(key.apiKey)
  })

  it('goes by the name of the environment', () => {
    expect(publicVenueKey(path, { TAPEDECK_VENUE_API_KEY: A }).apiKey).toBe(A)
  })

  it.each<[string, string, Record<string, string>, string]>([
    ['a private key', file('private.pem', privateKey), {}, 'is a private key'],
    ['no key', file('none.pem', 'hello'), {}, 'expected a public key in PEM'],
    ['no file', join(folder, 'nothing'), {}, 'cannot be read (ENOENT)'],
    ['a secret beside it', path, { TAPEDECK_VENUE_SECRET: A }, 'expected one of them'],
    ['a name that is none', path, { TAPEDECK_VENUE_API_KEY: 'short' }, '16 to 128'],
  ])('refuses %s', (_, given, env, words) => {
    expect(() => publicVenueKey(given, env)).toThrow(
      expect.objectContaining({ code: 'CREDENTIALS_INVALID' }),
    )
    expect(() => publicVenueKey(given, env)).toThrow(words)
    expect(() => publicVenueKey(given, env)).not.toThrow('MC4CAQ')
  })
})
