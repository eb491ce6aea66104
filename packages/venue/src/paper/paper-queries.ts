import { type VenueSnapshot, narrowSnapshot } from '@tapedeck/core'
import {
  known,
  unknown,
  type FoundOrder,
  type VenueQueries,
  type VenueResult,
} from '../port/index.ts'

/** Where a look at the paper venue comes from: the execution service's own answer. */
export type SnapshotProvider = () => Promise<VenueSnapshot>

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error)

/**
 * The paper venue behind the same questions as a real one, so that the reconciler knows no
 * difference. A provider that fails is an unknown answer. `findOrder` knows open orders only: the paper
 * venue does not remember those that are over.
 */
export const createPaperQueries = (venue: string, provide: SnapshotProvider): VenueQueries => {
  const ask = async <T>(pick: (snapshot: VenueSnapshot) => T): Promise<VenueResult<T>> => {
    try {
      return known(pick(await provide()))
    } catch (error) {
      return unknown(`the paper venue did not answer: ${messageOf(error)}`)
    }
  }
  return {
    venue,
    serverTime: () => ask(({ at }) => at),
    openOrders: (symbols) => ask((books) => narrowSnapshot(books, venue, symbols, 0).orders),
    positions: (symbols) => ask((books) => narrowSnapshot(books, venue, symbols, 0).positions),
    fills: (symbol, since) => ask((books) => narrowSnapshot(books, venue, [symbol], since).fills),
    balances: () => ask(({ balances }) => balances),
    findOrder: (symbol, clientOrderId) =>
      ask((books): FoundOrder | null => {
        const { orders } = narrowSnapshot(books, venue, [symbol], 0)
        const open = orders.find((order) => order.clientOrderId === clientOrderId)
        if (open === undefined) return null
        const status = open.filledQuantity === '0' ? 'ACCEPTED' : 'PARTIALLY_FILLED'
        return { ...open, status, reason: null, at: books.at }
      }),
  }
}
