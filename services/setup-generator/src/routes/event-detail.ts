import { SetupEventDetail, TapedeckError, Uuid } from '@tapedeck/contracts'
import { type Database, sql } from '@tapedeck/database'
import type { App } from '@tapedeck/runtime'
import { z } from 'zod'
import { LEDGER_COLUMNS, type Tables, frozenOf, recordOf } from '../ledger/index.ts'

/**
 * The same bars make the same id in every run: without a run, the one that is going on comes first, then
 * the one whose id is the highest, so that the answer is always the same.
 */
const findEvent = async (
  db: Database<Tables>,
  id: string,
  wanted: string | undefined,
  current: string | null,
) =>
  await db.kysely
    .selectFrom('setup_event_ledger')
    .select([...LEDGER_COLUMNS, 'feature_snapshot'])
    .where('setup_event_id', '=', id)
    .$if(wanted !== undefined, (query) => query.where('run_id', '=', wanted!))
    .orderBy(sql`run_id = ${current}::uuid`, (order) => order.desc().nullsLast())
    .orderBy('run_id', 'desc')
    .limit(1)
    .executeTakeFirst()

/** One setup event with all that is known of it. */
export const addEventDetail = (
  app: App,
  db: Database<Tables>,
  currentRun: () => string | null,
): void => {
  app.get(
    '/v1/setup-events/:id',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'A setup event: frozen features, their text and hash, its chain, its signals',
        tags: ['setup events'],
        params: z.strictObject({ id: Uuid.describe('setup_event_id') }),
        querystring: z.strictObject({
          run_id: Uuid.optional().describe(
            'Default: the run that is going on, if it has the event',
          ),
        }),
        response: { 200: SetupEventDetail },
      },
    },
    async ({ params: { id }, query }) => {
      const row = await findEvent(db, id, query.run_id, currentRun())
      if (row === undefined)
        throw new TapedeckError(
          'NOT_FOUND',
          `There is no setup event ${id}${query.run_id === undefined ? '' : ` in run ${query.run_id}`}`,
        )
      const chain = await db.kysely
        .selectFrom('setup_event_ledger')
        .select(LEDGER_COLUMNS)
        .where('run_id', '=', row.run_id)
        .where('setup_chain_id', '=', row.setup_chain_id)
        .orderBy('ts')
        .orderBy('event_id')
        .execute()
      const signals = await db.kysely
        .selectFrom('signal_ledger')
        .select(['signal_id', 'setup_id', 'at', 'payload'])
        .where('run_id', '=', row.run_id)
        .where('setup_event_id', '=', id)
        .orderBy('at')
        .orderBy('signal_id')
        .limit(100)
        .execute()
      const { feature_snapshot, ...event } = row
      return {
        ...frozenOf(event),
        feature_snapshot: feature_snapshot as SetupEventDetail['feature_snapshot'],
        chain: chain.map(recordOf),
        signals,
      }
    },
  )
}
