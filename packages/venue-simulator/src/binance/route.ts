import type { Exchange } from '../exchange/index.ts'
import type { ApiConnection } from '../venue/venue-request.ts'
import type { ApiKey } from './api-keys.ts'
import type { PriceHistory } from './history/index.ts'
import type { ListenKeyRegistry } from './listen-key-registry.ts'
import type { OrderCost, OrderLimiter } from './order-limiter.ts'
import type { Parameters } from './parameters.ts'

/** Anything that can be written as JSON. */
export type Answer = object

/** One request on its way to an answer. */
export type Call = {
  readonly exchange: Exchange
  readonly parameters: Parameters
  /** The clock that the venue shows, ms: a fault may set it wrong. */
  readonly time: number
  /** The clock by which things happen, ms. */
  readonly now: number
  /** Empty where anyone may ask. */
  readonly account: string
  /** The key in whose name it is asked; null where anyone may. */
  readonly key: ApiKey | null
  /** Where it came from; null over HTTP. */
  readonly connection: ApiConnection | null
  readonly listenKeys: ListenKeyRegistry
  readonly history: PriceHistory
  readonly orderLimiter: OrderLimiter
  /** Request weight that a minute has. */
  readonly weightLimit: number
}

/**
 * Who may ask: anyone; whoever names an API key; whoever signs with a key that may read, or trade; whoever
 * signs, in no session.
 */
export type Access = 'anyone' | 'key' | 'read' | 'trade' | 'logon'

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly access: Access
  /** Request weight; by parameters where it depends on them. Must not throw. */
  readonly weight: number | ((parameters: Parameters) => number)
  /** Counts against what the funding endpoints share, too. */
  readonly isFunding?: boolean
  /** What it counts against the account's order limits; absent: nothing. */
  readonly orders?: OrderCost
  /** Throws an `ApiError` for whatever the venue refuses. */
  readonly answer: (call: Call) => Answer
}
