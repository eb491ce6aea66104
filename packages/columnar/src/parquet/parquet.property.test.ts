import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { ParquetEncoder, type ParquetColumn, type ParquetRow } from './index.ts'

const COLUMNS: readonly ParquetColumn[] = [
  { name: 'at', type: 'timestamp_ms', required: true },
  { name: 'price', type: 'float64', about: { unit: 'quote' } },
  { name: 'flag', type: 'int32' },
  { name: 'count', type: 'int64' },
  { name: 'burst', type: 'bool' },
  { name: 'state', type: 'string' },
]

const joined = (parts: readonly Uint8Array[]): ArrayBuffer => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole.buffer
}

const fileOf = (rows: readonly ParquetRow[], rowGroupRows: number): ArrayBuffer => {
  const encoder = new ParquetEncoder({
    columns: COLUMNS,
    rowGroupRows,
    metadata: { version: '1.2.0' },
  })
  const parts = rows.flatMap((row) => encoder.push(row) ?? [])
  return joined([...parts, encoder.finish()])
}

const sparse = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3, nil: null })
const row = fc.record({
  at: fc.integer({ min: 0, max: 8.64e15 }),
  price: sparse(fc.double({ noNaN: true, noDefaultInfinity: true })),
  flag: sparse(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 })),
  count: sparse(fc.maxSafeInteger()),
  burst: sparse(fc.boolean()),
  state: sparse(fc.string({ unit: 'grapheme' })),
})

it('reads back as it was written, bit for bit, however it is cut into row groups', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      async (rows, size) => {
        const file = fileOf(rows, size)
        const found = await parquetReadObjects({ file })
        const expected = rows.map((each) => ({
          ...each,
          at: new Date(each.at),
          count: each.count === null ? null : BigInt(each.count),
        }))
        // Object.is: -0 is not 0, and null is not undefined.
        expect(found).toStrictEqual(expected)
        expect(parquetMetadata(file).row_groups).toHaveLength(Math.ceil(rows.length / size))
      },
    ),
    { numRuns: 60 },
  )
})

it('says in its metadata what each column is', () => {
  const { key_value_metadata: pairs, schema } = parquetMetadata(fileOf([], 5))
  const values = Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]))
  expect(values['version']).toBe('1.2.0')
  expect(JSON.parse(values['tapedeck.columns']!)).toMatchObject({
    price: { type: 'float64', unit: 'quote' },
    burst: { type: 'bool' },
  })
  expect(schema.slice(1).map(({ name, repetition_type }) => [name, repetition_type])).toEqual(
    COLUMNS.map(({ name, required }) => [name, required === true ? 'REQUIRED' : 'OPTIONAL']),
  )
})

describe('what is refused', () => {
  const good: ParquetRow = { at: 1, price: 1, flag: 1, count: 1, burst: true, state: 'low' }
  it.each<[string, ParquetRow, string]>([
    ['NaN', { ...good, price: Number.NaN }, 'row 2: column price is NaN, expected float64'],
    ['infinity', { ...good, price: Infinity }, 'column price is Infinity'],
    ['a fraction in a whole column', { ...good, flag: 0.5 }, 'column flag is 0.5, expected int32'],
    ['more than 32 bits', { ...good, flag: 2 ** 31 }, 'expected int32'],
    ['more than is exact', { ...good, count: 2 ** 53 }, 'expected int64'],
    ['a number for a flag', { ...good, burst: 1 }, 'column burst is 1, expected bool'],
    [
      'half of a surrogate pair',
      { ...good, state: '\uD800' },
      'column state is text, expected string',
    ],
    [
      'null in a required column',
      { ...good, at: null },
      'column at is null, expected timestamp_ms',
    ],
    ['nothing at all', { at: 1 }, 'column price has no value'],
  ])('%s', (_, bad, message) => {
    const encoder = new ParquetEncoder({ columns: COLUMNS })
    encoder.push(good)
    expect(() => encoder.push(bad)).toThrow(message)
    expect(encoder.rows).toBe(1)
  })

  it('a column that is named twice', () => {
    const [first] = COLUMNS
    expect(() => new ParquetEncoder({ columns: [first!, first!] })).toThrow('named twice')
  })
})
