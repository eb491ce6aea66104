import { SetupEventRecord } from '@tapedeck/contracts'
import type { Database } from '@tapedeck/database'
import { type App, PAGE_QUERY, pageBody, pageSchema } from '@tapedeck/runtime'
import { z } from 'zod'
import { type Tables, recordOf } from '../ledger/index.ts'
import { LIST_FILTERS, checkRange } from './event-filters.ts'
import { readEvents } from './read-events.ts'

/** Setup events, newest first, without their snapshots. */
export const addEventList = (app: App, db: Database<Tables>): void => {
  app.get(
    '/v1/setup-events',
    {
      config: { access: 'viewer' },
      schema: {
        summary:
          'Setup events, newest first: compressions, break attempts, and what became of them',
        tags: ['setup events'],
        querystring: z.strictObject({ ...PAGE_QUERY, ...LIST_FILTERS }),
        response: { 200: pageSchema(SetupEventRecord) },
      },
    },
    async ({ query: { limit, cursor, ...filters } }) => {
      const { since, until } = filters
      checkRange({ name: 'since', value: since }, { name: 'until', value: until })
      const page = await readEvents(db, { filters, order: 'desc', limit, cursor })
      return pageBody({ ...page, data: page.data.map(recordOf) })
    },
  )
}
