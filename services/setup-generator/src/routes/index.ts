/**
 * REST of the ledgers.
 *
 * Entry point: `routes`. Invariants: nothing here writes; a mistake in a query names the field, the value and
 * what was expected; pages are bounded.
 */
import { Uuid } from '@tapedeck/contracts'
import type { Database } from '@tapedeck/database'
import { type Routes, addTableList } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Tables } from '../ledger/index.ts'
import { addEventDetail } from './event-detail.ts'
import { addEventExport } from './event-export.ts'
import { flag } from './event-filters.ts'
import { addEventList } from './event-list.ts'
import { addEventSummary } from './event-summary.ts'

const COMMON = { run_id: Uuid.optional(), symbol: z.string().max(32).optional() }

/** The ledgers: what was seen, what was signalled, what a setup looked like and what became of it. */
export const routes =
  (db: Database<Tables>, currentRun: () => string | null): Routes =>
  (app) => {
    addTableList(app, db, {
      url: '/v1/setups',
      summary: 'Evaluations with three or more boxes, newest first',
      tag: 'setups',
      table: 'setup_evaluation_ledger',
      sort: 'at',
      id: 'setup_id',
      filters: {
        ...COMMON,
        strategy: z.string().max(40).optional(),
        grade: z.string().max(10).optional(),
        signalled: flag.optional(),
      },
    })
    addTableList(app, db, {
      url: '/v1/signals',
      summary: 'Signals, newest first, each with the setup event that it came from',
      tag: 'setups',
      table: 'signal_ledger',
      sort: 'at',
      id: 'signal_id',
      filters: { ...COMMON, setup_event_id: Uuid.optional() },
    })
    addEventList(app, db)
    addEventSummary(app, db)
    addEventExport(app, db)
    addEventDetail(app, db, currentRun)
  }
