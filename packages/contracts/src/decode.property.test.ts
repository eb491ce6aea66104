import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decode, decodeValue, encode } from './decode.ts'

const FOLDER = join(import.meta.dirname, '../fixtures')
const goldens = readdirSync(FOLDER).map((name) => new Uint8Array(readFileSync(join(FOLDER, name))))

/** A path to some value inside a JSON value, chosen by `pick`, and that place set to `value`. */
const mutated = (root: unknown, pick: readonly number[], value: unknown): unknown => {
  const [step, ...rest] = pick
  if (step === undefined || typeof root !== 'object' || root === null) return value
  const copy: Record<string, unknown> = Array.isArray(root)
    ? ((root as unknown[]).slice() as unknown as Record<string, unknown>)
    : { ...root }
  const keys = Object.keys(copy)
  const key = keys[step % Math.max(keys.length, 1)]
  if (key === undefined) return value
  copy[key] = mutated(copy[key], rest, value)
  return copy
}

const reads = (read: () => { ok: boolean }): void => {
  const decoded = read()
  expect(typeof decoded.ok).toBe('boolean')
}

it('no bytes make decode throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => reads(() => decode(bytes))))
})

it('no text makes decode throw', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) =>
      reads(() => decode(new TextEncoder().encode(text))),
    ),
  )
})

it('flipped bytes in a golden message never make decode throw', () => {
  const flips = fc.array(fc.tuple(fc.nat(10_000), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(fc.constantFrom(...goldens), flips, (golden, changes) => {
      const bytes = golden.slice()
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte
      reads(() => decode(bytes))
    }),
    { numRuns: 500 },
  )
})

it('any value in any place of a golden message is read or refused, and what is read comes back', () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>(null, undefined, Number.NaN, -1, 0.5, '', [], {}, true, 2 ** 60),
    fc.anything({ maxDepth: 2 }),
  )
  const places = fc.array(fc.nat(60), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.constantFrom(...goldens), places, value, (golden, pick, put) => {
      const root: unknown = JSON.parse(new TextDecoder().decode(golden))
      const decoded = decodeValue(mutated(root, pick, put))
      const held = decoded.ok ? decode(encode(decoded.envelope)).ok : decoded.detail.length > 0
      expect(held).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
