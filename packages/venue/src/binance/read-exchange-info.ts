import type { VenueInstrument } from '../port/index.ts'
import {
  AnswerFields,
  AnswerUnreadable,
  DEFAULT_LIMITS,
  fieldsOfAll,
  type VenueLimits,
} from './rest/index.ts'

/** What `exchangeInfo` tells; a symbol that cannot be read is left out, and named. */
export type ExchangeInfo = {
  readonly instruments: ReadonlyMap<string, VenueInstrument>
  readonly limits: VenueLimits
  readonly leftOut: readonly string[]
}

const readInstrument = (fields: AnswerFields): VenueInstrument => {
  const symbol = fields.text('symbol')
  const filters = new Map<string, AnswerFields>()
  for (const filter of fieldsOfAll(fields.list('filters'), `${symbol}.filters`))
    if (filter.has('filterType')) filters.set(filter.text('filterType'), filter)
  const filter = (type: string): AnswerFields => {
    const found = filters.get(type)
    if (found === undefined) throw new AnswerUnreadable(`${symbol} has no filter ${type}`)
    return found
  }
  const step = (type: string, field: string): string => {
    const size = filter(type).decimal(field)
    if (size === '0' || size.startsWith('-'))
      throw new AnswerUnreadable(
        `${symbol} ${type}.${field} is ${size}, expected a size above zero`,
      )
    return size
  }
  const lots = filter('LOT_SIZE')
  const market = filters.get('MARKET_LOT_SIZE') ?? lots
  // Spot has replaced MIN_NOTIONAL by NOTIONAL, which may say the most as well.
  const notional = filters.get('MIN_NOTIONAL') ?? filters.get('NOTIONAL')
  const min = lots.decimal('minQty')
  const lotSize = step('LOT_SIZE', 'stepSize')
  return {
    symbol,
    base_asset: fields.text('baseAsset'),
    quote_asset: fields.text('quoteAsset'),
    tick_size: step('PRICE_FILTER', 'tickSize'),
    lot_size: lotSize,
    min_quantity: min === '0' ? lotSize : min,
    // Spot calls the field minNotional; either may come.
    min_notional:
      notional === undefined
        ? '0'
        : notional.decimal(notional.has('notional') ? 'notional' : 'minNotional'),
    max_quantity: lots.decimal('maxQty'),
    market_max_quantity: market.decimal('maxQty'),
    min_price: filter('PRICE_FILTER').decimal('minPrice'),
    max_price: filter('PRICE_FILTER').decimal('maxPrice'),
    status: fields.text('status'),
  }
}

const readLimits = (info: AnswerFields): VenueLimits => {
  const limits = { ...DEFAULT_LIMITS }
  if (!info.has('rateLimits')) return limits
  for (const row of fieldsOfAll(info.list('rateLimits'), 'rateLimits')) {
    const kind = `${row.text('rateLimitType')} ${row.whole('intervalNum')} ${row.text('interval')}`
    const limit = row.whole('limit')
    if (limit < 1) continue
    if (kind === 'REQUEST_WEIGHT 1 MINUTE') limits.weightPerMinute = limit
    if (kind === 'ORDERS 10 SECOND') limits.ordersPerTenSeconds = limit
    if (kind === 'ORDERS 1 MINUTE') limits.ordersPerMinute = limit
  }
  return limits
}

/** `exchangeInfo` of futures or spot: binance-ccxt-facts §2.2. */
export const readExchangeInfo = (body: unknown): ExchangeInfo => {
  const info = new AnswerFields(body, 'exchangeInfo')
  const instruments = new Map<string, VenueInstrument>()
  const leftOut: string[] = []
  for (const one of info.list('symbols')) {
    try {
      const instrument = readInstrument(new AnswerFields(one, 'symbol'))
      instruments.set(instrument.symbol, instrument)
    } catch (error) {
      if (!(error instanceof AnswerUnreadable)) throw error
      leftOut.push(error.message)
    }
  }
  return { instruments, limits: readLimits(info), leftOut }
}
