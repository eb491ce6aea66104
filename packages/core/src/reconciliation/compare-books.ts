import {
  compareDuplicateExits,
  compareFills,
  compareOurOrders,
  compareTheirOrders,
  type VenueSide,
} from './compare-orders.ts'
import { comparePositions } from './compare-positions.ts'
import type { Difference } from './difference.ts'
import type { OurBooks } from './our-books.ts'
import type { VenueSnapshot } from './venue-snapshot.ts'

const sideOf = (snapshot: VenueSnapshot, venue: string, symbol: string): VenueSide => {
  const here = (row: { venue: string; symbol: string }): boolean =>
    row.venue === venue && row.symbol === symbol
  return {
    orders: snapshot.orders.filter(here),
    position: snapshot.positions.find((row) => here(row) && row.side !== 'FLAT') ?? null,
    fills: snapshot.fills.filter(here),
  }
}

/**
 * Everything in which the venue's books and ours differ (S3 §4.4 and domain §6), instrument by
 * instrument. Fills that we missed come alone: they are applied first, and what they do not explain
 * shows in the next look. One of others that `standing` (keys of what was asked for and is still there) has may
 * never be ours to apply: it keeps nothing else from being compared. Pure; nothing is remembered here.
 */
export const compareBooks = (
  ours: OurBooks,
  theirs: VenueSnapshot,
  emergencyStopPercent: number,
  standing: readonly string[] = [],
): Difference[] =>
  ours.instruments.flatMap((instrument) => {
    const side = sideOf(theirs, instrument.venue, instrument.symbol)
    const missed = compareFills(ours, side, instrument)
    if (missed.some(({ key, ofOthers }) => ofOthers !== true || !standing.includes(key)))
      return missed
    return [
      ...missed,
      ...comparePositions(ours, side, instrument, emergencyStopPercent),
      ...compareOurOrders(ours, side, instrument),
      ...compareTheirOrders(ours, side, instrument),
      ...compareDuplicateExits(ours, side, instrument),
    ]
  })
