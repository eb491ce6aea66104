import { Uuid } from '@tapedeck/contracts'
import type { Database } from '@tapedeck/database'
import { type Routes, addTableList } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Tables } from './store.ts'

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** The ledgers: what was seen, and what was signalled. */
export const routes =
  (db: Database<Tables>): Routes =>
  (app) => {
    const filters = { run_id: Uuid.optional(), symbol: z.string().max(32).optional() }
    addTableList(app, db, {
      url: '/v1/setups',
      summary: 'Evaluations with three or more boxes, newest first',
      tag: 'setups',
      table: 'setup_event_ledger',
      sort: 'at',
      id: 'setup_id',
      filters: {
        ...filters,
        strategy: z.string().max(40).optional(),
        grade: z.string().max(10).optional(),
        signalled: flag.optional(),
      },
    })
    addTableList(app, db, {
      url: '/v1/signals',
      summary: 'Signals, newest first',
      tag: 'setups',
      table: 'signal_ledger',
      sort: 'at',
      id: 'signal_id',
      filters,
    })
  }
