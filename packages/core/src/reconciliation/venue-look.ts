import type { Output, RunStarted, Message } from '@tapedeck/contracts'
import type { Reconciler } from './reconciler-decider.ts'
import type { VenueSnapshot } from './venue-snapshot.ts'

/** What can be traded in a run, by venue. */
export type SymbolsByVenue = Readonly<Record<string, readonly string[]>>

export const symbolsByVenue = (run: Pick<RunStarted, 'instruments'>): SymbolsByVenue =>
  Object.fromEntries(
    Map.groupBy(run.instruments, (one) => one.venue)
      .entries()
      .map(([venue, ones]) => [venue, ones.map((one) => one.symbol)]),
  )

/** What one venue's answer to a look at some symbols holds, of an account's books. */
export const narrowSnapshot = (
  books: VenueSnapshot,
  venue: string,
  symbols: readonly string[],
  since: number,
): VenueSnapshot => {
  const here = <T extends { venue: string; symbol: string }>(rows: readonly T[]): T[] =>
    rows.filter((row) => row.venue === venue && symbols.includes(row.symbol))
  return {
    at: books.at,
    orders: here(books.orders),
    positions: here(books.positions).filter(({ side }) => side !== 'FLAT'),
    fills: symbols.flatMap((symbol) =>
      books.fills.filter(
        (fill) => fill.venue === venue && fill.symbol === symbol && fill.at >= since,
      ),
    ),
    balances: books.balances,
  }
}

/** The answers of several venues as one. */
export const mergeSnapshots = (all: readonly VenueSnapshot[]): VenueSnapshot => ({
  at: Math.max(...all.map((one) => one.at)),
  orders: all.flatMap((one) => one.orders),
  positions: all.flatMap((one) => one.positions),
  fills: all.flatMap((one) => one.fills),
  balances: all.flatMap((one) => one.balances),
})

/** A look at an account's books: every venue asked about its symbols, the answers as one. */
export const lookAtBooks = (
  books: VenueSnapshot,
  symbols: SymbolsByVenue,
  since: number,
): VenueSnapshot =>
  mergeSnapshots(
    Object.entries(symbols).map(([venue, some]) => narrowSnapshot(books, venue, some, since)),
  )

/**
 * One message through the reconciler with the paper venue's books at hand: what a service does with a
 * request in between, done at once.
 */
export const reconcileWith = (
  reconciler: Reconciler,
  message: Message,
  symbols: SymbolsByVenue,
  books: () => VenueSnapshot,
): Output[] => {
  const outputs = reconciler.handle(message)
  const due = reconciler.due()
  if (due === null) return outputs
  const theirs = lookAtBooks(books(), symbols, due.since)
  return [...outputs, ...reconciler.compare(theirs, message.occurred_at)]
}
