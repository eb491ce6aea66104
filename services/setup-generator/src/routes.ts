import { Uuid } from '@tapedeck/contracts'
import { type Database, selectPage } from '@tapedeck/database'
import { PAGE_QUERY, RANGE_QUERY, type Routes, pageBody } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Tables } from './store.ts'

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** The ledgers: what was seen, and what was signalled. */
export const routes =
  (db: Database<Tables>): Routes =>
  (app) => {
    app.get(
      '/v1/setups',
      {
        config: { access: 'viewer' },
        schema: {
          summary: 'Evaluations with three or more boxes, newest first',
          tags: ['setups'],
          querystring: z.strictObject({
            ...PAGE_QUERY,
            ...RANGE_QUERY,
            run_id: Uuid.optional(),
            symbol: z.string().max(32).optional(),
            strategy: z.string().max(40).optional(),
            grade: z.string().max(10).optional(),
            signalled: flag.optional(),
          }),
        },
      },
      async ({ query }) => {
        const { limit, cursor, from, to, ...filters } = query
        const order = { sort: 'at', id: 'setup_id' }
        return pageBody(
          await selectPage(db.kysely, 'setup_event_ledger', {
            order,
            filters,
            from,
            to,
            limit,
            cursor,
          }),
        )
      },
    )
    app.get(
      '/v1/signals',
      {
        config: { access: 'viewer' },
        schema: {
          summary: 'Signals, newest first',
          tags: ['setups'],
          querystring: z.strictObject({
            ...PAGE_QUERY,
            ...RANGE_QUERY,
            run_id: Uuid.optional(),
            symbol: z.string().max(32).optional(),
          }),
        },
      },
      async ({ query }) => {
        const { limit, cursor, from, to, ...filters } = query
        const order = { sort: 'at', id: 'signal_id' }
        return pageBody(
          await selectPage(db.kysely, 'signal_ledger', { order, filters, from, to, limit, cursor }),
        )
      },
    )
  }
