import type { VenueSnapshot } from '@tapedeck/core'
import { known, unknown, type FoundOrder, type VenueQueries, type VenueResult } from '../port.ts'

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
  const here = <T extends { venue: string; symbol: string }>(
    rows: readonly T[],
    symbols: readonly string[],
  ): readonly T[] => rows.filter((row) => row.venue === venue && symbols.includes(row.symbol))

  return {
    venue,
    serverTime: () => ask(({ at }) => at),
    openOrders: (symbols) => ask(({ orders }) => here(orders, symbols)),
    positions: (symbols) =>
      ask(({ positions }) => here(positions, symbols).filter(({ side }) => side !== 'FLAT')),
    fills: (symbol, since) =>
      ask(({ fills }) => here(fills, [symbol]).filter(({ at }) => at >= since)),
    balances: () => ask(({ balances }) => balances),
    findOrder: (symbol, clientOrderId) =>
      ask(({ orders }): FoundOrder | null => {
        const open = here(orders, [symbol]).find((order) => order.clientOrderId === clientOrderId)
        if (open === undefined) return null
        return { ...open, status: open.filledQuantity === '0' ? 'ACCEPTED' : 'PARTIALLY_FILLED' }
      }),
  }
}
