import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { copyField, copyLineChunks, copyText } from './copy-text.ts'
import type { CopyValue } from './copy-text.ts'

const textOf = (rows: CopyValue[][], columns: string[]): string =>
  Buffer.concat([...copyText(columns, rows)]).toString('utf8')

const UNESCAPED: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** Reads COPY text as the PostgreSQL manual describes it, independently of the writer. */
const readCopyText = (text: string): (string | null)[][] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) =>
      line
        .split('\t')
        .map((field) =>
          field === String.raw`\N`
            ? null
            : field.replaceAll(/\\(.)/g, (_, letter: string) => UNESCAPED[letter] ?? letter),
        ),
    )

const storable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
const awkward = fc.string({
  unit: fc.constantFrom('\\', '\t', '\n', '\r', 'N', '.', 'é', '😀', '\v'),
})
const value = fc.oneof(
  storable,
  awkward,
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
)

const spelled = (cell: CopyValue): string | null => {
  if (cell === null) return null
  if (typeof cell === 'boolean') return cell ? 't' : 'f'
  return String(cell)
}

describe('copyText', () => {
  it('reads back as it was written, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value)), (rows) => {
        const text = textOf(rows, ['a', 'b', 'c'])
        expect(readCopyText(text)).toEqual(rows.map((row) => row.map(spelled)))
      }),
    )
  })

  it('keeps null apart from its spelling', () => {
    expect(textOf([[String.raw`\N`, null, '']], ['a', 'b', 'c'])).toBe('\\\\N\t\\N\t\n')
  })

  it('is what fields put together by hand are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value)), (rows) => {
        const lines = rows.map((row) => `${row.map(copyField).join('\t')}\n`)
        const text = Buffer.concat([...copyLineChunks(lines)]).toString('utf8')
        expect(text).toBe(textOf(rows, ['a', 'b']))
      }),
    )
  })

  it('cuts many rows into chunks that together are all rows', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [index, 'text'])
    const chunks = [...copyText(['a', 'b'], rows)]
    expect(chunks.length).toBeGreaterThan(2)
    expect(readCopyText(Buffer.concat(chunks).toString())).toHaveLength(20_000)
  })

  it.each<[string, CopyValue[], RegExp]>([
    ['U+0000', ['a', 'b\0'], /row 1, column y: .*U\+0000/],
    ['half a surrogate pair', ['a', '\ud800'], /row 1, column y: .*surrogate/],
    ['undefined', ['a', undefined as unknown as null], /row 1, column y: the value is undefined/],
    ['a missing value', ['a'], /row 1 has 1 values; expected 2/],
  ])('refuses %s', (_name, row, message) => {
    expect(() => textOf([['fine', 1], row], ['x', 'y'])).toThrow(message)
  })
})
