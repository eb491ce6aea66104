import type { VenueResponse } from '../venue/venue-request.ts'
import { alterJson, type Alteration } from './alter-payload.ts'

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The answer with its JSON changed; what is no JSON stays. */
const withJson = (response: VenueResponse, change: (value: unknown) => unknown): VenueResponse => {
  const value = readJson(response.body)
  return value === undefined ? response : { ...response, body: JSON.stringify(change(value)) }
}

export const alteredAnswer = (response: VenueResponse, alteration: Alteration): VenueResponse =>
  withJson(response, (value) => alterJson(value, alteration))

export const truncatedAnswer = (response: VenueResponse): VenueResponse => ({
  ...response,
  body: response.body.slice(0, Math.max(1, Math.floor(response.body.length / 2))),
})

/** Ids far below anything that is still streamed: such a snapshot can never be bridged. */
const OLD_BY = 1_000_000

/** A depth snapshot as it was long before. */
export const oldSnapshotAnswer = (response: VenueResponse): VenueResponse =>
  withJson(response, (value) => {
    const id = (value as { lastUpdateId?: unknown } | null)?.lastUpdateId
    if (typeof id !== 'number') return value
    return { ...(value as object), lastUpdateId: Math.max(0, id - OLD_BY) }
  })

type SymbolRow = { filters?: unknown }
type Filter = Readonly<Record<string, unknown>>

const UNKNOWN_FILTER: Filter = { filterType: 'NOT_DOCUMENTED', limit: 1 }

const oddFilter = (filter: Filter): Filter[] => {
  switch (filter['filterType']) {
    case 'PRICE_FILTER':
      return [{ ...filter, tickSize: '0.5', minPrice: '0.7' }]
    case 'LOT_SIZE':
      return [{ ...filter, stepSize: '0.005', minQty: '0.015' }]
    case 'MARKET_LOT_SIZE':
      return []
    case 'MIN_NOTIONAL':
      return [{ ...filter, notional: '12.345' }]
    default:
      return [filter]
  }
}

/**
 * Exchange information that is legal and odd: a tick of five tenths with a minimum off its grid, a step
 * of five, no filter for market orders, one that nobody knows.
 */
export const oddFiltersAnswer = (response: VenueResponse): VenueResponse =>
  withJson(response, (value) => {
    const symbols = (value as { symbols?: unknown } | null)?.symbols
    if (!Array.isArray(symbols)) return value
    const odd = (symbols as SymbolRow[]).map((row) => {
      const filters = Array.isArray(row.filters) ? (row.filters as Filter[]) : []
      return Object.assign(row, { filters: [...filters.flatMap(oddFilter), UNKNOWN_FILTER] })
    })
    return { ...(value as object), symbols: odd }
  })

/** The same answer with another used weight, under the name that it already has. */
export const weightAnswer = (response: VenueResponse, weight: number): VenueResponse => {
  const name =
    Object.keys(response.headers).find((key) => key.toLowerCase() === 'x-mbx-used-weight-1m') ??
    'x-mbx-used-weight-1m'
  return { ...response, headers: { ...response.headers, [name]: String(weight) } }
}
