import { TapedeckError, Uuid } from '@tapedeck/contracts'
import type { Database } from '@tapedeck/database'
import { type Routes, addTableList } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Tables } from './migrations.ts'

const EVENTS_MAX = 1_000

const addTrades = (app: Parameters<Routes>[0], db: Database<Tables>): void => {
  addTableList(app, db, {
    url: '/v1/trades',
    summary: 'Trades, newest first',
    tag: 'journal',
    table: 'trade',
    sort: 'started_at',
    id: 'trade_id',
    filters: {
      run_id: Uuid.optional(),
      symbol: z.string().max(32).optional(),
      status: z.string().max(20).optional(),
    },
  })
  app.get(
    '/v1/positions/:trade_id',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'A position with its legs, fills and ledger',
        tags: ['journal'],
        params: z.strictObject({ trade_id: z.string().min(1).max(96) }),
      },
    },
    async ({ params: { trade_id } }) => {
      const trade = await db.kysely
        .selectFrom('trade')
        .selectAll()
        .where('trade_id', '=', trade_id)
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (trade === undefined) throw new TapedeckError('NOT_FOUND', `There is no trade ${trade_id}`)
      const { run_id } = trade
      const of = (table: 'leg' | 'fill' | 'pnl_ledger') =>
        db.kysely
          .selectFrom(table as 'leg')
          .selectAll()
          .where('run_id', '=', run_id)
          .where('trade_id', '=', trade_id)
      return {
        ...trade,
        legs: await of('leg').orderBy('at').execute(),
        fills: await of('fill').orderBy('at').execute(),
        ledger: await of('pnl_ledger').execute(),
      }
    },
  )
}

/** Trades, positions, and every event of a chain. */
export const routes =
  (db: Database<Tables>): Routes =>
  (app) => {
    addTrades(app, db)
    app.get(
      '/v1/events',
      {
        config: { access: 'viewer' },
        schema: {
          summary: 'Why did it (not) trade? Every event of a chain, in tape order',
          tags: ['journal'],
          querystring: z.strictObject({
            id: z
              .string()
              .min(1)
              .max(160)
              .describe(
                'Correlation id, or the id of a setup, signal, decision, order, trade or event',
              ),
          }),
        },
      },
      async ({ query: { id } }) => {
        const data = await eventsOf(db, id)
        if (data.length === 0)
          throw new TapedeckError('NOT_FOUND', `No recorded event is about ${id}`)
        return { data }
      },
    )
  }

/** The chain that an id belongs to: by correlation, or through an event that is about it. */
const eventsOf = async (db: Database<Tables>, id: string) => {
  const isUuid = Uuid.safeParse(id).success
  const named = await db.kysely
    .selectFrom('event')
    .select(['correlation_id'])
    .where((or) =>
      or.or([
        or('correlation_id', '=', id),
        or('aggregate_id', '=', id),
        ...(isUuid ? [or('event_id', '=', id)] : []),
      ]),
    )
    .limit(50)
    .execute()
  const chains = [
    ...new Set([id, ...named.map((row) => row.correlation_id).filter((c) => c !== null)]),
  ]
  return await db.kysely
    .selectFrom('event')
    .selectAll()
    .where((or) => or.or([or('correlation_id', 'in', chains), or('aggregate_id', '=', id)]))
    .orderBy('tape_seq')
    .limit(EVENTS_MAX)
    .execute()
}
