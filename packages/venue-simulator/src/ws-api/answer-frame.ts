import type { OrderLimits } from '../binance/index.ts'
import type { VenueResponse } from '../venue/venue-request.ts'

/** What an address and an account may use. */
export type ApiLimits = { readonly weight: number; readonly orders: OrderLimits }

type LimitRow = {
  readonly rateLimitType: 'REQUEST_WEIGHT' | 'ORDERS'
  readonly interval: 'SECOND' | 'MINUTE'
  readonly intervalNum: number
  readonly limit: number
  readonly count: number
}

const OK = 200

/** How much is used, as REST tells in its headers. What is not told there is not told here. */
const rateLimitsOf = ({ headers }: VenueResponse, limits: ApiLimits): readonly LimitRow[] => {
  const rows: LimitRow[] = []
  const add = (header: string, row: Omit<LimitRow, 'count'>): void => {
    const used = headers[header]
    if (used !== undefined) rows.push({ ...row, count: Number(used) })
  }
  const { weight, orders } = limits
  add('x-mbx-used-weight-1m', {
    rateLimitType: 'REQUEST_WEIGHT',
    interval: 'MINUTE',
    intervalNum: 1,
    limit: weight,
  })
  const order = { rateLimitType: 'ORDERS' } as const
  add('x-mbx-order-count-10s', {
    ...order,
    interval: 'SECOND',
    intervalNum: 10,
    limit: orders.perTenSeconds,
  })
  add('x-mbx-order-count-1m', {
    ...order,
    interval: 'MINUTE',
    intervalNum: 1,
    limit: orders.perMinute,
  })
  return rows
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * The frame that answers a request: `{id, status, result or error, rateLimits}`. `id` is JSON text. `limits`
 * null: rate limits were not asked for. A fault may have left no JSON to be answered with: then a frame that ends
 * where that does, or whatever it is by itself.
 */
export const answerFrame = (
  id: string,
  response: VenueResponse,
  limits: ApiLimits | null,
): string => {
  const { status, headers, body } = response
  const start = `{"id":${id},"status":${status},"${status === OK ? 'result' : 'error'}":${body}`
  if (!isJson(body)) {
    const isCutOff = body !== '' && (headers['content-type'] ?? '').includes('json')
    return isCutOff ? start : body
  }
  const rows = limits === null ? [] : rateLimitsOf(response, limits)
  return rows.length === 0 ? `${start}}` : `${start},"rateLimits":${JSON.stringify(rows)}}`
}

/** The code of a refusal; null for every other answer. */
export const codeOf = ({ status, body }: VenueResponse): number | null => {
  if (status === OK || !isJson(body)) return null
  const { code } = (JSON.parse(body) ?? {}) as { readonly code?: unknown }
  return typeof code === 'number' ? code : null
}
