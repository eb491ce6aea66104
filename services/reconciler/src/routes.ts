import { Uuid } from '@tapedeck/contracts'
import type { Database } from '@tapedeck/database'
import { type Routes, addTableList } from '@tapedeck/runtime'
import type { Tables } from './store.ts'

/** What was compared and what was found. */
export const routes =
  (db: Database<Tables>): Routes =>
  (app) => {
    const common = { tag: 'reconciliation', sort: 'at', filters: { run_id: Uuid.optional() } }
    addTableList(app, db, {
      ...common,
      url: '/v1/runs',
      summary: 'Comparisons with the venue, newest first',
      table: 'run',
      id: 'run_number',
    })
    addTableList(app, db, {
      ...common,
      url: '/v1/findings',
      summary: 'Differences that were found, newest first',
      table: 'finding',
      id: 'event_id',
    })
  }
