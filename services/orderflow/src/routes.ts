import { TapedeckError } from '@tapedeck/contracts'
import {
  FOOTPRINT_TIMEFRAMES,
  type FootprintTimeframe,
  type OrderFlowDecider,
  type OrderFlowEngine,
  viewFootprints,
  viewMeasures,
  viewProfile,
} from '@tapedeck/core'
import type { Routes } from '@tapedeck/runtime'
import { z } from 'zod'

const Instrument = z.strictObject({
  venue: z.string().min(1).max(32),
  symbol: z.string().min(1).max(32),
})
const Timeframe = z.enum(
  Object.keys(FOOTPRINT_TIMEFRAMES) as [FootprintTimeframe, ...FootprintTimeframe[]],
)
const Period = z.enum(['session', 'day', 'week'])

/** Order flow as it stands in memory: for people and tools, never an input of a decision. */
export const routes =
  (brain: () => OrderFlowDecider): Routes =>
  (app) => {
    const engineOf = ({ venue, symbol }: z.infer<typeof Instrument>): OrderFlowEngine => {
      const engine = brain().engine(venue, symbol)
      if (engine === null)
        throw new TapedeckError(
          'NOT_FOUND',
          `No run has named the instrument ${symbol} on ${venue}`,
        )
      return engine
    }

    app.get(
      '/v1/measures/:venue/:symbol',
      {
        config: { access: 'viewer' },
        schema: { summary: 'Order flow as it stands', tags: ['order flow'], params: Instrument },
      },
      ({ params }) => {
        const view = viewMeasures(engineOf(params))
        if (view === null)
          throw new TapedeckError('NOT_FOUND', `${params.symbol} has had no trade yet`)
        return view
      },
    )
    app.get(
      '/v1/footprints/:venue/:symbol',
      {
        config: { access: 'viewer' },
        schema: {
          summary: 'Footprints of the last bars, the open one included',
          tags: ['order flow'],
          params: Instrument,
          querystring: z.strictObject({
            timeframe: Timeframe.default('1m'),
            limit: z.coerce.number().int().min(1).max(240).default(20),
          }),
        },
      },
      ({ params, query }) => ({
        data: viewFootprints(engineOf(params), query.timeframe, query.limit),
      }),
    )
    app.get(
      '/v1/profiles/:venue/:symbol',
      {
        config: { access: 'viewer' },
        schema: {
          summary: 'The developing volume profile of a period',
          tags: ['order flow'],
          params: Instrument,
          querystring: z.strictObject({ period: Period.default('session') }),
        },
      },
      ({ params, query }) => viewProfile(engineOf(params), query.period),
    )
  }
