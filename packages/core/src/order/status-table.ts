import type { OrderStatus } from '@tapedeck/contracts'

/**
 * S3 §8.1 with domain §5, as one table: from → the statuses that may follow. What is not listed is
 * refused. A venue may skip steps (a market order fills before its acknowledgement is read), a fill
 * may overtake a cancel, and an order whose outcome is unknown may turn out to be anything.
 */
export const ORDER_STATUS_TABLE: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  INITIALIZED: ['SUBMITTED', 'CANCELED'],
  SUBMITTED: [
    'UNKNOWN',
    'ACCEPTED',
    'PARTIALLY_FILLED',
    'PENDING_CANCEL',
    'FILLED',
    'CANCELED',
    'REJECTED',
    'EXPIRED',
  ],
  UNKNOWN: [
    'ACCEPTED',
    'PARTIALLY_FILLED',
    'PENDING_CANCEL',
    'FILLED',
    'CANCELED',
    'REJECTED',
    'EXPIRED',
  ],
  ACCEPTED: [
    'PARTIALLY_FILLED',
    'PENDING_CANCEL',
    'FILLED',
    'CANCELED',
    // A conditional order can still be refused by the matching engine when it triggers.
    'REJECTED',
    'EXPIRED',
  ],
  PARTIALLY_FILLED: ['PARTIALLY_FILLED', 'PENDING_CANCEL', 'FILLED', 'CANCELED', 'EXPIRED'],
  PENDING_CANCEL: [
    // The acknowledgement of an order whose cancel was already asked for.
    'ACCEPTED',
    'PARTIALLY_FILLED',
    'FILLED',
    'CANCELED',
    'REJECTED',
    'EXPIRED',
  ],
  FILLED: [],
  CANCELED: [],
  REJECTED: [],
  EXPIRED: [],
}

export const mayFollow = (from: OrderStatus, to: OrderStatus): boolean =>
  ORDER_STATUS_TABLE[from].includes(to)

/** True when nothing may follow: the order is over, whatever else arrives about it. */
export const isTerminal = (status: OrderStatus): boolean => ORDER_STATUS_TABLE[status].length === 0
