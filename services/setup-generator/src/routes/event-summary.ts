import { Semver } from '@tapedeck/contracts'
import { type Database, sql } from '@tapedeck/database'
import type { App } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Tables } from '../ledger/index.ts'
import { LIST_FILTERS, NARROWING, checkRange, conditionsOf } from './event-filters.ts'

const Count = z.int().min(0)

const Counts = z.object({
  compression_candidate: Count,
  break_attempt: Count,
  open: Count.describe('Break attempts that wait for their outcome'),
  hit_1r: Count,
  hit_stop: Count,
  ttl_expired: Count,
  ambiguous: Count.describe('Labels that no finer data could settle, so they count as hit_stop'),
  signalled: Count.describe('Break attempts that a signal came from'),
  mean_r: z.number().nullable().describe('Of labeled attempts; null without any'),
})
type Counts = z.infer<typeof Counts>

const Row = Counts.extend({ venue: z.string(), symbol: z.string(), timeframe: z.string() })
type Row = z.infer<typeof Row>

/** int8 and float8 come as numbers. */
const COUNTS = sql`
  count(*) filter (where state = 'compression_candidate') as compression_candidate,
  count(*) filter (where state = 'break_attempt') as break_attempt,
  count(*) filter (where state = 'break_attempt' and outcome is null) as open,
  count(*) filter (where outcome = 'hit_1r') as hit_1r,
  count(*) filter (where outcome = 'hit_stop') as hit_stop,
  count(*) filter (where outcome = 'ttl_expired') as ttl_expired,
  count(*) filter (where outcome_ambiguous) as ambiguous,
  count(*) filter (where signal_event_id is not null) as signalled,
  avg(r_achieved) as mean_r`

const ON = sql`venue, symbol, timeframe`
const GROUPS_MAX = 500

/** How many setup events there are, in which state and with which outcome, per symbol and timeframe. */
export const addEventSummary = (app: App, db: Database<Tables>): void => {
  const { since, until } = LIST_FILTERS
  app.get(
    '/v1/setup-events/summary',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Setup events counted by state and outcome: in all, and per symbol and timeframe',
        tags: ['setup events'],
        querystring: z.strictObject({
          ...NARROWING,
          feature_schema_version: Semver.optional(),
          since,
          until,
        }),
        response: { 200: z.object({ total: Counts, data: z.array(Row) }) },
      },
    },
    async ({ query }) => {
      checkRange({ name: 'since', value: query.since }, { name: 'until', value: query.until })
      const where = sql.join(conditionsOf(query), sql` and `)
      const total = await sql<Counts>`
        select ${COUNTS} from setup_event_ledger where ${where}`.execute(db.kysely)
      const groups = await sql<Row>`
        select ${ON}, ${COUNTS} from setup_event_ledger where ${where}
        group by ${ON} order by ${ON} limit ${GROUPS_MAX}`.execute(db.kysely)
      return { total: total.rows[0]!, data: groups.rows }
    },
  )
}
