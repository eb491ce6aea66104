import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import type { DepthEvent, TradeEvent } from '@tapedeck/core'
import { readSighted, snapshotEvent, type InstrumentGrid } from './market/index.ts'

/** The implicit calls of ccxt that are used here; everything else of ccxt stays out of the way. */
type PublicCalls = Readonly<
  Record<'depth' | 'aggTrades' | 'exchangeInfo', (parameters: object) => Promise<unknown>>
>

/** What ccxt's exchanges have in common, as far as it is used here. */
type CcxtExchange = {
  readonly urls: { readonly api: Record<string, string> }
  quoteJsonNumbers: boolean
} & Readonly<Record<string, (parameters: object) => Promise<unknown>>>

/** Where the venues differ (binance-ccxt-facts §2.2). */
const VENUES = {
  'binance-usdm': {
    exchange: 'binanceusdm',
    api: 'fapiPublic',
    path: '/fapi/v1',
    minNotional: 'notional',
  },
  'binance-spot': {
    exchange: 'binance',
    api: 'public',
    path: '/api/v3',
    minNotional: 'minNotional',
  },
} as const

export type PublicRestOptions = {
  /** Default `binance-usdm`. */
  readonly venue?: keyof typeof VENUES
  /** e.g. `https://fapi.binance.com`, for spot `https://api.binance.com` */
  readonly baseUrl: string
  readonly timeoutMs?: number
  /** Wall time that one unit of request weight takes. Default 50 ms: half of the venue's 2400 a minute. */
  readonly weightMs?: number
}

/** The filters of an instrument as the venue states them. They differ by symbol and network: always load. */
export type VenueFilters = Pick<
  Instrument,
  | 'symbol'
  | 'base_asset'
  | 'quote_asset'
  | 'tick_size'
  | 'lot_size'
  | 'min_quantity'
  | 'min_notional'
>

const DEPTH_LIMIT = 1000
const TRADES_LIMIT = 1000

const unreadable = (path: string, value: unknown): TapedeckError =>
  new TapedeckError(
    'UPSTREAM_UNAVAILABLE',
    `${path} answered ${(JSON.stringify(value) ?? 'nothing').slice(0, 120)}, which is not its shape`,
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (path: string, of: Record<string, unknown> | undefined, field: string): string => {
  const value = of?.[field]
  if (typeof value !== 'string') throw unreadable(`${path} ${field}`, value)
  return value
}

/** Plain decimals without trailing zeros: `0.10` and `0.1` are the same tick. */
const plain = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal

/** Public REST through ccxt's implicit API: its throttling and its errors, our own reading. */
export class BinancePublicRest {
  readonly #rest: PublicCalls
  /** How the venue calls the least worth of an order. */
  readonly #minNotional: string

  private constructor(rest: PublicCalls, minNotional: string) {
    this.#rest = rest
    this.#minNotional = minNotional
  }

  /** Loads ccxt, which takes about a second: only a live run pays for it. */
  static async create({
    venue = 'binance-usdm',
    baseUrl,
    timeoutMs = 10_000,
    weightMs = 50,
  }: PublicRestOptions): Promise<BinancePublicRest> {
    const { exchange, api, path, minNotional } = VENUES[venue]
    const { default: ccxt } = await import('ccxt')
    const made: unknown = new ccxt[exchange]({ timeout: timeoutMs, rateLimit: weightMs })
    const rest = made as CcxtExchange
    // Ids and times stay numbers: all are below 2^53.
    rest.quoteJsonNumbers = false
    rest.urls.api[api] = `${baseUrl}${path}`
    const call =
      (name: string) =>
      (parameters: object): Promise<unknown> =>
        rest[`${api}Get${name}`]!(parameters)
    return new BinancePublicRest(
      { depth: call('Depth'), aggTrades: call('AggTrades'), exchangeInfo: call('ExchangeInfo') },
      minNotional,
    )
  }

  async depthSnapshot(grid: InstrumentGrid): Promise<DepthEvent> {
    const body = await this.#rest.depth({ symbol: grid.symbol, limit: DEPTH_LIMIT })
    if (!isObject(body)) throw unreadable('GET depth', body)
    return snapshotEvent(body, grid)
  }

  /** Up to 1000 aggregate trades from an id on. The venue keeps 48 hours of them. */
  async aggTrades(grid: InstrumentGrid, fromId: number): Promise<TradeEvent[]> {
    const body = await this.#rest.aggTrades({
      symbol: grid.symbol,
      fromId,
      limit: TRADES_LIMIT,
    })
    if (!Array.isArray(body)) throw unreadable('GET aggTrades', body)
    return body.map((row: unknown) => {
      if (!isObject(row)) throw unreadable('GET aggTrades', row)
      return readSighted({ kind: 'aggTrade', symbol: grid.symbol, data: row }, grid) as TradeEvent
    })
  }

  /** Filters of the instruments that trade, by symbol. */
  async filters(): Promise<Map<string, VenueFilters>> {
    const path = 'GET exchangeInfo'
    const body = await this.#rest.exchangeInfo({})
    const symbols = isObject(body) ? body['symbols'] : null
    if (!Array.isArray(symbols)) throw unreadable(path, body)
    const found = new Map<string, VenueFilters>()
    for (const one of symbols as unknown[]) {
      if (!isObject(one) || !Array.isArray(one['filters'])) throw unreadable(path, one)
      if (one['status'] !== 'TRADING') continue
      const filters = one['filters'].filter(isObject)
      const filter = (type: string): Record<string, unknown> | undefined =>
        filters.find((candidate) => candidate['filterType'] === type)
      const symbol = text(path, one, 'symbol')
      found.set(symbol, {
        symbol,
        base_asset: text(path, one, 'baseAsset'),
        quote_asset: text(path, one, 'quoteAsset'),
        tick_size: plain(text(path, filter('PRICE_FILTER'), 'tickSize')),
        lot_size: plain(text(path, filter('LOT_SIZE'), 'stepSize')),
        min_quantity: plain(text(path, filter('LOT_SIZE'), 'minQty')),
        min_notional: plain(
          // Spot has replaced MIN_NOTIONAL by NOTIONAL, which may say the most as well.
          text(path, filter('MIN_NOTIONAL') ?? filter('NOTIONAL'), this.#minNotional),
        ),
      })
    }
    return found
  }
}

/** True when the venue answers a ping in time. Needs neither ccxt nor a key. */
export const isBinanceReachable = async (
  baseUrl: string,
  timeoutMs: number,
  venue: keyof typeof VENUES = 'binance-usdm',
): Promise<boolean> => {
  try {
    const response = await fetch(`${baseUrl}${VENUES[venue].path}/ping`, {
      signal: AbortSignal.timeout(timeoutMs),
    })
    return response.ok
  } catch {
    return false
  }
}
