import type { VenueFill, VenueSnapshot } from '@tapedeck/core'
import { known, type VenueResult } from './venue-result.ts'
import type { VenueQueries } from './venue-port.ts'

/**
 * One look for reconciliation: every question asked once. The first unknown answer makes the look
 * unknown, because half a look would show differences that are not there.
 */
export const lookAtVenue = async (
  venue: VenueQueries,
  symbols: readonly string[],
  since: number,
): Promise<VenueResult<VenueSnapshot>> => {
  // Fills last: one that happens in between shows as a fill of ours to come, not as a lost position.
  const at = await venue.serverTime()
  if (at.outcome === 'unknown') return at
  const orders = await venue.openOrders(symbols)
  if (orders.outcome === 'unknown') return orders
  const positions = await venue.positions(symbols)
  if (positions.outcome === 'unknown') return positions
  const fills: VenueFill[] = []
  for (const symbol of symbols) {
    const some = await venue.fills(symbol, since)
    if (some.outcome === 'unknown') return some
    fills.push(...some.value)
  }
  const balances = await venue.balances()
  if (balances.outcome === 'unknown') return balances
  return known({
    at: at.value,
    orders: orders.value,
    positions: positions.value,
    fills,
    balances: balances.value,
  })
}
