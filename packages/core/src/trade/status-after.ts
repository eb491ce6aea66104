import type { VenueEvent } from '../matching/index.ts'
import type { OrderChange } from '../order/index.ts'

type StatusChange = Extract<OrderChange, { kind: 'status' }>

/**
 * The status that an order has after what the venue told of it; null when that changes none. `expires`:
 * its time to live had passed when its cancel was asked for.
 */
export const statusAfter = (
  event: Exclude<VenueEvent, { kind: 'filled' }>,
  expires: boolean,
): Pick<StatusChange, 'to' | 'reason'> | null => {
  switch (event.kind) {
    case 'accepted':
      return { to: 'ACCEPTED' }
    case 'canceled':
      return { to: expires ? 'EXPIRED' : 'CANCELED' }
    case 'expired':
      return { to: 'EXPIRED', reason: event.reason }
    case 'rejected':
      return { to: 'REJECTED', reason: event.reason }
    case 'cancel_rejected':
      return { to: 'CANCELED', reason: 'not open at the venue' }
    case 'triggered':
      break
  }
  return null
}
