import { Uuid } from '@tapedeck/contracts'
import { type Database, selectPage } from '@tapedeck/database'
import { PAGE_QUERY, RANGE_QUERY, type Routes, pageBody } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Tables } from './store.ts'

const LISTS = [
  ['runs', 'run', 'run_number', 'Comparisons with the venue, newest first'],
  ['findings', 'finding', 'event_id', 'Differences that were found, newest first'],
] as const

/** What was compared and what was found. */
export const routes =
  (db: Database<Tables>): Routes =>
  (app) => {
    for (const [path, table, id, summary] of LISTS)
      app.get(
        `/v1/${path}`,
        {
          config: { access: 'viewer' },
          schema: {
            summary,
            tags: ['reconciliation'],
            querystring: z.strictObject({
              ...PAGE_QUERY,
              ...RANGE_QUERY,
              run_id: Uuid.optional(),
            }),
          },
        },
        async ({ query }) => {
          const { limit, cursor, from, to, ...filters } = query
          return pageBody(
            await selectPage(db.kysely, table, {
              order: { sort: 'at', id },
              filters,
              from,
              to,
              limit,
              cursor,
            }),
          )
        },
      )
  }
