import { Uuid } from '@tapedeck/contracts'
import type { Database } from '@tapedeck/database'
import { type Routes, addTableList } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Tables } from './store.ts'

/** Reviews. */
export const routes =
  (db: Database<Tables>): Routes =>
  (app) =>
    addTableList(app, db, {
      url: '/v1/reviews',
      summary: 'Reviews of closed trades, newest first',
      tag: 'analyst',
      table: 'review',
      sort: 'at',
      id: 'review_id',
      filters: { run_id: Uuid.optional(), trade_id: z.string().max(96).optional() },
    })
