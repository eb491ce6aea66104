import { PAGE_QUERY, RANGE_QUERY, type Routes, pageBody } from '@tapedeck/runtime'
import { selectPage, sql } from '@tapedeck/database'
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
    app.get(
      '/v1/bars',
      {
        config: { access: 'viewer' },
        schema: {
          summary: 'Closed bars, newest first',
          tags: ['market'],
          querystring: z.strictObject({
            ...PAGE_QUERY,
            ...RANGE_QUERY,
            ...Instrument,
            timeframe: Timeframe.default('1m'),
          }),
        },
      },
      async ({ query }) => {
        const { limit, cursor, from, to, ...filters } = query
        const order = { sort: 'open_time', id: 'symbol' }
        return pageBody(
          await selectPage(db.kysely, 'bar', { order, filters, from, to, limit, cursor }),
        )
      },
    )
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
