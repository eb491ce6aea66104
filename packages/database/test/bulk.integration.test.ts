import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  afterPosition,
  copyNewRows,
  copyRows,
  decodeCursor,
  dropPartitionsBefore,
  encodeCursor,
  ensureDayPartitions,
  pageOf,
  selectPage,
  sql,
} from '@tapedeck/database'
import type { BaseTables, CopyValue, Database, Migrations } from '@tapedeck/database'
import { withPostgres } from '@tapedeck/testkit'
import fc from 'fast-check'
import { codeOf, openService } from './open-service.ts'

type Tables = BaseTables & {
  trade: { symbol: string; id: number; time: number; price: number }
  sample: { id: number; t: string | null; f: number | null; b: boolean | null }
}

const migrations: Migrations = {
  '0001-bulk': {
    up: async (db) => {
      await sql`create table trade (symbol text, id bigint, time bigint, price bigint,
        primary key (symbol, id, time)) partition by range (time)`.execute(db)
      await sql`create table sample (id int primary key, t text, f float8, b boolean)`.execute(db)
    },
  },
}

const DAY_MS = 86_400_000
const START = Date.parse('2026-01-05T00:00:00Z')
const COLUMNS = ['symbol', 'id', 'time', 'price']
const trades = (first: number, count: number): [string, number, number, number][] =>
  Array.from({ length: count }, (_, i) => ['BTCUSDT', first + i, START + first + i, 100_000 + i])

const postgres = withPostgres()
let db: Database<Tables>
beforeAll(async () => {
  db = await openService<Tables>(postgres().url, 'bulk', migrations)
  await ensureDayPartitions(db, 'trade', ['2026-01-05'])
})
afterAll(() => db.close())

function* badAtTheEnd(): Generator<CopyValue[]> {
  for (let id = 0; id < 50_000; id += 1) yield [id, 'text'.repeat(10)]
  yield [50_000, 'a\0']
}

const store = (rows: [string, number, number, number][]): Promise<number> =>
  db.transaction((tx) => copyNewRows(tx, 'trade', COLUMNS, rows))

const countTrades = async (): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*) as n from trade`.execute(db.kysely)
  return rows[0]?.n ?? -1
}

describe('copyRows', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    fc.string({ unit: fc.constantFrom('\\', '\t', '\n', '\r', 'N', '.', 'é', '😀') }),
    fc.constant(null),
  )
  // Postgres keeps -0 as such, but its text form cannot be told apart by toEqual's rules; 0 is enough.
  const float = fc.option(fc.double().map((value) => (value === 0 ? 0 : value)))

  it('stores any text, number, boolean and null as it is', async () => {
    const row = fc.tuple(cell, float, fc.option(fc.boolean()))
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (generated) => {
        await sql`truncate sample`.execute(db.kysely)
        const rows = generated.map((values, id): CopyValue[] => [id, ...values])
        expect(await copyRows(db, 'sample', ['id', 't', 'f', 'b'], rows)).toBe(rows.length)
        const stored = await db.kysely.selectFrom('sample').selectAll().orderBy('id').execute()
        expect(stored.map(({ id, t, f, b }) => [id, t, f, b])).toEqual(rows)
      }),
      { numRuns: 60 },
    )
  })

  it('writes nothing when a value cannot be stored, and leaves the connection usable', async () => {
    await sql`truncate sample`.execute(db.kysely)
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await expect(copyRows(db, 'sample', ['id', 't'], badAtTheEnd())).rejects.toThrow(
        /row 50000, column t/,
      )
    }
    expect(await db.kysely.selectFrom('sample').selectAll().execute()).toEqual([])
    expect(await codeOf(copyRows(db, 'sample', ['id'], [['x']]))).toBe('22P02')
    expect(await copyRows(db, 'sample', ['id'], [])).toBe(0)
    expect(await copyRows(db, 'sample', ['id'], [[1]])).toBe(1)
  })

  it('belongs to the transaction that it runs in', async () => {
    await sql`truncate sample`.execute(db.kysely)
    const failing = db.transaction(async (tx) => {
      expect(await copyRows(tx, 'sample', ['id'], [[1], [2]])).toBe(2)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await db.kysely.selectFrom('sample').selectAll().execute()).toEqual([])
  })
})

describe('copyNewRows', () => {
  it('neither loses nor doubles a trade when batches come again', async () => {
    await sql`truncate trade`.execute(db.kysely)
    expect(await store(trades(1, 3_000))).toBe(3_000)
    expect(await store(trades(1, 3_000))).toBe(0)
    expect(await store(trades(2_001, 2_000))).toBe(1_000)
    expect(await store([...trades(4_001, 1), ...trades(4_001, 1)])).toBe(1)
    expect(await countTrades()).toBe(4_001)
  })

  it('is right when two writers store the same batches at once', async () => {
    await sql`truncate trade`.execute(db.kysely)
    const batches = Array.from({ length: 10 }, (_, i) => trades(1 + i * 500, 1_000))
    const counts = await Promise.all([...batches, ...batches].map(store))
    expect(await countTrades()).toBe(5_500)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5_500)
  })

  it('fits in a larger transaction, before and after a repeated batch', async () => {
    await sql`truncate trade`.execute(db.kysely)
    await store(trades(1, 10))
    await db.transaction(async (tx) => {
      await copyNewRows(tx, 'trade', COLUMNS, trades(1, 12))
      await copyNewRows(tx, 'trade', COLUMNS, trades(5, 12))
    })
    expect(await countTrades()).toBe(16)
  })
})

describe('day partitions', () => {
  it('are made once, also when several ask at once, and dropped by day', async () => {
    await sql`truncate trade`.execute(db.kysely)
    const days = ['2026-01-05', '2026-01-06', '2026-01-07']
    const ask = () => ensureDayPartitions(db, 'trade', days)
    const made = await Promise.all([ask(), ask(), ask()])
    expect(made.flat().toSorted()).toEqual(['trade_d20260106', 'trade_d20260107'])
    expect(await ask()).toEqual([])

    const each = days.map((_, i): [string, number, number, number] => [
      'X',
      i,
      START + i * DAY_MS,
      1,
    ])
    await copyRows(db, 'trade', COLUMNS, each)
    expect(await codeOf(copyRows(db, 'trade', COLUMNS, [['X', 9, START + 3 * DAY_MS, 1]]))).toBe(
      '23514',
    )
    expect(await dropPartitionsBefore(db, 'trade', '2026-01-07')).toEqual([
      'trade_d20260105',
      'trade_d20260106',
    ])
    expect(await countTrades()).toBe(1)
    expect(await dropPartitionsBefore(db, 'trade', '2026-01-07')).toEqual([])
  })

  it.each(['timestamptz', 'date'])('work on a column of type %s', async (type) => {
    const table = `by_${type}`
    await sql`create table ${sql.table(table)} (at ${sql.raw(type)} not null) partition by range (at)`.execute(
      db.kysely,
    )
    expect(await ensureDayPartitions(db, table, ['2026-02-28'])).toHaveLength(1)
    await copyRows(db, table, ['at'], [['2026-02-28T23:59:59.999Z']])
    expect(await codeOf(copyRows(db, table, ['at'], [['2026-03-01T00:00:00Z']]))).toBe('23514')
  })

  it.each(['2026-02-29', '2026-1-5', 'today', ''])('refuse the day %j', async (day) => {
    await expect(ensureDayPartitions(db, 'trade', [day])).rejects.toThrow(/expected a UTC date/)
    await expect(dropPartitionsBefore(db, 'trade', day)).rejects.toThrow(/expected a UTC date/)
  })

  it('refuse a table that is not partitioned', async () => {
    await expect(ensureDayPartitions(db, 'sample', ['2026-01-05'])).rejects.toThrow(/by nothing/)
  })
})

describe('pages', () => {
  it('show every row once, though rows are added and sort values repeat', async () => {
    await sql`truncate sample`.execute(db.kysely)
    const rows = Array.from({ length: 25 }, (_, id): CopyValue[] => [id, `t${Math.floor(id / 10)}`])
    await copyRows(db, 'sample', ['id', 't'], rows)
    const filters = { kind: 'all' }
    const fetch = async (cursor: string | null) => {
      const found = await db.kysely
        .selectFrom('sample')
        .select(['id', 't'])
        .where(afterPosition(decodeCursor(cursor, filters), { sort: 't', id: 'id' }, 'desc'))
        .orderBy('t', 'desc')
        .orderBy('id', 'desc')
        .limit(8)
        .execute()
      return pageOf(found, 7, ({ t, id }) => ({ sort: t ?? '', id }), filters)
    }
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const page = await fetch(cursor)
      seen.push(...page.data.map(({ id }) => id))
      cursor = page.nextCursor
      await copyRows(db, 'sample', ['id', 't'], [[1_000 + seen.length, 't9']])
    } while (cursor !== null)
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 24 - i))
  })

  it.each([
    ['text where a number belongs', 'x'],
    ['a number beyond all', 1e300],
    ['nothing that text can hold', '\0'],
  ])('refuse a forged cursor: %s', async (_what, sort) => {
    const filters = { symbol: 'BTCUSDT' }
    const cursor = encodeCursor({ sort, id: 1 }, { filters, from: null, to: null })
    const order = { sort: 'time', id: 'id' }
    const page = selectPage(db.kysely, 'trade', { order, filters, limit: 5, cursor })
    expect(await codeOf(page)).toBe('CURSOR_INVALID')
  })
})
