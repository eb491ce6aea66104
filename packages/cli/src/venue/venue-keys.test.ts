import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { venueKeys } from './venue-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-venue-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))
const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

describe('venueKeys', () => {
  it('makes others for each run, and never looks for those of a real venue', () => {
    const env = { BINANCE_API_KEY: A, BINANCE_API_SECRET: B }
    const one = venueKeys(null, env)
    const other = venueKeys(null, env)
    expect(one.from).toBeNull()
    for (const text of [one.apiKey, one.secret, other.apiKey, other.secret])
      expect(text).toMatch(/^[A-Za-z0-9]{64}$/)
    expect(new Set([one.apiKey, one.secret, other.apiKey, other.secret, A, B]).size).toBe(6)
  })

  it('takes them of the environment', () => {
    const env = { TAPEDECK_VENUE_API_KEY: A, TAPEDECK_VENUE_SECRET: B }
    expect(venueKeys(null, env)).toMatchObject({ apiKey: A, secret: B })
    expect(() => venueKeys(null, { TAPEDECK_VENUE_API_KEY: A })).toThrow(
      'TAPEDECK_VENUE_API_KEY and TAPEDECK_VENUE_SECRET: expected',
    )
  })

  it('keeps them in a file for its owner alone, and finds them there again', () => {
    const file = join(folder, 'keys.json')
    const made = venueKeys(file, {})
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toContain(made.apiKey)
    expect(venueKeys(file, {})).toEqual(made)
  })

  it.each(['nonsense', 'null', '[]', '{"api_key":"short","secret":"short"}'])(
    'refuses %s, and shows nothing of it',
    (text) => {
      const file = join(folder, 'bad.json')
      writeFileSync(file, text)
      expect(() => venueKeys(file, {})).toThrow(
        expect.objectContaining({ code: 'CREDENTIALS_INVALID' }),
      )
      expect(() => venueKeys(file, {})).not.toThrow('short')
    },
  )
})
