import { Uuid } from '@tapedeck/contracts'
import { type Database, selectPage } from '@tapedeck/database'
import { PAGE_QUERY, RANGE_QUERY, type Routes, pageBody } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Tables } from './store.ts'

/** Reviews. */
export const routes =
  (db: Database<Tables>): Routes =>
  (app) => {
    app.get(
      '/v1/reviews',
      {
        config: { access: 'viewer' },
        schema: {
          summary: 'Reviews of closed trades, newest first',
          tags: ['analyst'],
          querystring: z.strictObject({
            ...PAGE_QUERY,
            ...RANGE_QUERY,
            run_id: Uuid.optional(),
            trade_id: z.string().max(96).optional(),
          }),
        },
      },
      async ({ query }) => {
        const { limit, cursor, from, to, ...filters } = query
        const order = { sort: 'at', id: 'review_id' }
        return pageBody(
          await selectPage(db.kysely, 'review', { order, filters, from, to, limit, cursor }),
        )
      },
    )
  }
