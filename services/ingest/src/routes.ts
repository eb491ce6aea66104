import { type Routes, addTableList } from '@tapedeck/runtime'
import { sql } from '@tapedeck/database'
import { Timeframe } from '@tapedeck/contracts'
import { z } from 'zod'
import type { IngestContext } from './playback/ingest-context.ts'
import type { PlayStatus } from './playback/play-status.ts'

const Instrument = {
  symbol: z.string().min(1).max(32),
  venue: z.string().min(1).max(32).optional(),
}

interface TradeRow {
  readonly id: number
  readonly price: string
  readonly quantity: string
  readonly time: number
  readonly is_buyer_maker: boolean
  readonly excluded: boolean
}

const addTrades = (app: Parameters<Routes>[0], db: IngestContext['db']): void => {
  app.get(
    '/v1/trades',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Public trades of a time range, oldest first',
        tags: ['market'],
        querystring: z.strictObject({
          ...Instrument,
          from: z.coerce.number().int().min(0).describe('Earliest time, inclusive, ms'),
          to: z.coerce.number().int().min(0).describe('Latest time, exclusive, ms'),
          limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
        }),
      },
    },
    async ({ query: { symbol, venue, from, to, limit } }) => {
      const { rows } = await sql<TradeRow>`
        select id, price, quantity, time, is_buyer_maker, excluded from trade
        where symbol = ${symbol} and (${venue ?? null}::text is null or venue = ${venue ?? null})
          and time >= ${from} and time < ${to}
        order by time, id limit ${limit + 1}`.execute(db.kysely)
      return { data: rows.slice(0, limit), complete: rows.length <= limit }
    },
  )
}

/** Bars and trades as stored, and what is being played. */
export const routes =
  ({ db }: IngestContext, status: () => PlayStatus): Routes =>
  (app) => {
    app.get(
      '/v1/run',
      {
        config: { access: 'viewer' },
        schema: {
          summary: 'What is being played, how far, and what was counted',
          tags: ['market'],
        },
      },
      () => status(),
    )
    addTableList(app, db, {
      url: '/v1/bars',
      summary: 'Closed bars, newest first',
      tag: 'market',
      table: 'bar',
      sort: 'open_time',
      // A run has one bar of a symbol and timeframe at a time.
      id: 'run_id',
      filters: { ...Instrument, timeframe: Timeframe.default('1m') },
    })
    addTrades(app, db)
    app.get(
      '/v1/feeds',
      {
        config: { access: 'viewer' },
        schema: { summary: 'What was counted of each feed', tags: ['market'] },
      },
      () => {
        const { market_time, counts, phase } = status()
        return { phase, market_time, feeds: counts }
      },
    )
  }
