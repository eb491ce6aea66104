import { describe, expect, it } from '@jest/globals'
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts'

const filters = { symbol: 'BTCUSDT', from: 1_767_571_200_000 }
const good = encodeCursor({ sort: 1_767_571_200_123, id: 'a|ü' }, filters)
const coded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const problemOf = (cursor: string, under: unknown = filters): unknown => {
  try {
    return decodeCursor(cursor, under)
  } catch (error) {
    return (error as { code: string }).code
  }
}

const position = (row: { id: number }) => ({ sort: row.id, id: row.id })

describe('cursor', () => {
  it('comes back as it went, whatever the order of the filters', () => {
    expect(decodeCursor(good, { from: 1_767_571_200_000, symbol: 'BTCUSDT' })).toEqual({
      sort: 1_767_571_200_123,
      id: 'a|ü',
    })
    expect(decodeCursor(undefined, filters)).toBeNull()
    expect(decodeCursor(null, filters)).toBeNull()
  })

  it.each([
    ['other filters', good, { symbol: 'ETHUSDT' }],
    ['no filters', good, null],
    ['empty', '', filters],
    ['not base64url', 'a+b/c=', filters],
    ['cut short', good.slice(0, -5), filters],
    ['too long', 'a'.repeat(513), filters],
    ['another version', coded([2, 1, 2, 'x']), filters],
    ['not a list', coded({ sort: 1 }), filters],
    ['no position', coded([1, null, { a: 1 }, 'x']), filters],
    ['JSON that is none', Buffer.from('[1,').toString('base64url'), filters],
  ])('refuses %s', (_name, cursor, under) => {
    expect(problemOf(cursor, under)).toBe('CURSOR_INVALID')
  })

  it('gives a next cursor only when there is more', () => {
    const rows = [{ id: 3 }, { id: 2 }, { id: 1 }]
    const page = pageOf(rows, 2, position, filters)
    expect(page.data).toEqual([{ id: 3 }, { id: 2 }])
    expect(decodeCursor(page.nextCursor, filters)).toEqual({ sort: 2, id: 2 })
    expect(pageOf(rows, 3, position, filters).nextCursor).toBeNull()
    expect(pageOf([], 3, position, filters)).toEqual({ data: [], nextCursor: null })
  })
})
