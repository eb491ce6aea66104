import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import type { DepthEvent, TradeEvent } from '@tapedeck/core'
import { readSighted, snapshotEvent, type InstrumentGrid } from './market/index.ts'

/** The implicit calls of ccxt that are used here; everything else of ccxt stays out of the way. */
type UsdmRest = {
  urls: { api: Record<string, string> }
  quoteJsonNumbers: boolean
  fapiPublicGetDepth: (parameters: object) => Promise<unknown>
  fapiPublicGetAggTrades: (parameters: object) => Promise<unknown>
  fapiPublicGetExchangeInfo: () => Promise<unknown>
}

export type PublicRestOptions = {
  /** e.g. `https://fapi.binance.com` */
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

/** Public USD-M REST through ccxt's implicit API: its throttling and its errors, our own reading. */
export class BinancePublicRest {
  readonly #rest: UsdmRest

  private constructor(rest: UsdmRest) {
    this.#rest = rest
  }

  /** Loads ccxt, which takes about a second: only a live run pays for it. */
  static async create({
    baseUrl,
    timeoutMs = 10_000,
    weightMs = 50,
  }: PublicRestOptions): Promise<BinancePublicRest> {
    const { default: ccxt } = await import('ccxt')
    const rest = new ccxt.binanceusdm({
      timeout: timeoutMs,
      rateLimit: weightMs,
    }) as unknown as UsdmRest
    // Ids and times stay numbers: all are below 2^53.
    rest.quoteJsonNumbers = false
    rest.urls.api['fapiPublic'] = `${baseUrl}/fapi/v1`
    return new BinancePublicRest(rest)
  }

  async depthSnapshot(grid: InstrumentGrid): Promise<DepthEvent> {
    const body = await this.#rest.fapiPublicGetDepth({ symbol: grid.symbol, limit: DEPTH_LIMIT })
    if (!isObject(body)) throw unreadable('GET depth', body)
    return snapshotEvent(body, grid)
  }

  /** Up to 1000 aggregate trades from an id on. The venue keeps 48 hours of them. */
  async aggTrades(grid: InstrumentGrid, fromId: number): Promise<TradeEvent[]> {
    const body = await this.#rest.fapiPublicGetAggTrades({
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
    const body = await this.#rest.fapiPublicGetExchangeInfo()
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
        min_notional: plain(text(path, filter('MIN_NOTIONAL'), 'notional')),
      })
    }
    return found
  }
}

/** True when the venue answers a ping in time. Needs neither ccxt nor a key. */
export const isBinanceReachable = async (baseUrl: string, timeoutMs: number): Promise<boolean> => {
  try {
    const response = await fetch(`${baseUrl}/fapi/v1/ping`, {
      signal: AbortSignal.timeout(timeoutMs),
    })
    return response.ok
  } catch {
    return false
  }
}
