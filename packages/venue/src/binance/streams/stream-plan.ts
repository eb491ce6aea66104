import type { FeedStatus } from '@tapedeck/contracts'

/** Where market data can be had. Spot has no marks, and its book has another chain rule. */
export type MarketVenue = 'binance-usdm' | 'binance-spot'

type Channel = FeedStatus['channel']
type Route = { readonly path: string; readonly streams: readonly (readonly [string, Channel])[] }

/**
 * What is asked for of each instrument, and where (binance-ccxt-facts §1.1): on USD-M, a stream asked for
 * on the wrong route is acknowledged and silent. `@trade` is not documented there, so prints are aggregated.
 */
const ROUTES: Readonly<Record<MarketVenue, readonly Route[]>> = {
  'binance-usdm': [
    {
      path: '/market/stream',
      streams: [
        ['aggTrade', 'trades'],
        ['markPrice@1s', 'mark'],
      ],
    },
    { path: '/public/stream', streams: [['depth@100ms', 'depth']] },
  ],
  'binance-spot': [
    {
      path: '/stream',
      streams: [
        ['aggTrade', 'trades'],
        ['depth@100ms', 'depth'],
      ],
    },
  ],
}

export type PlannedStream = {
  /** `btcusdt@aggTrade` */
  readonly name: string
  readonly symbol: string
  readonly channel: Channel
}

export type PlannedConnection = {
  readonly path: string
  readonly streams: readonly PlannedStream[]
}

/** The venue takes 1024; fewer lose less when one connection is lost. */
const STREAMS_PER_CONNECTION = 200

/** The connections that carry everything of the instruments, each with few enough streams. */
export const planConnections = (
  venue: MarketVenue,
  symbols: readonly string[],
): PlannedConnection[] =>
  ROUTES[venue].flatMap(({ path, streams: kinds }) => {
    const all = symbols.flatMap((symbol) =>
      kinds.map(([kind, channel]) => ({
        name: `${symbol.toLowerCase()}@${kind}`,
        symbol,
        channel,
      })),
    )
    const count = Math.ceil(all.length / STREAMS_PER_CONNECTION)
    return Array.from({ length: count }, (_, i) => ({
      path,
      streams: all.slice(i * STREAMS_PER_CONNECTION, (i + 1) * STREAMS_PER_CONNECTION),
    }))
  })
