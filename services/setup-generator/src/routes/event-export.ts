import { FrozenSetupEvent } from '@tapedeck/contracts'
import type { Database } from '@tapedeck/database'
import { type App, PAGE_QUERY, pageBody, pageSchema } from '@tapedeck/runtime'
import { z } from 'zod'
import { type Tables, frozenOf } from '../ledger/index.ts'
import { EXPORT_FILTERS, checkRange } from './event-filters.ts'
import { readEvents } from './read-events.ts'

/** Bounds the memory of both sides: a row is about 5 kB. */
const ROWS_MAX = 2_000

const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(ROWS_MAX)
  .default(ROWS_MAX)
  .describe('Events on a page')

/** Setup events for training, oldest first, each with the text that its hash was taken of. */
export const addEventExport = (app: App, db: Database<Tables>): void => {
  app.get(
    '/v1/setup-events/export',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Setup events with their frozen features, oldest first, in large pages',
        description:
          'What a training set is made of. One feature schema version at a time; by default labeled break attempts. SHA-256 of `feature_snapshot_text` is `feature_snapshot_hash`.',
        tags: ['setup events'],
        querystring: z.strictObject({ cursor: PAGE_QUERY.cursor, limit, ...EXPORT_FILTERS }),
        response: { 200: pageSchema(FrozenSetupEvent) },
      },
    },
    async ({ query: { limit: rows, cursor, start, end, ...rest } }) => {
      checkRange({ name: 'start', value: start }, { name: 'end', value: end })
      const filters = { ...rest, since: start, until: end }
      const page = await readEvents(db, { filters, order: 'asc', limit: rows, cursor })
      return pageBody({ ...page, data: page.data.map(frozenOf) })
    },
  )
}
