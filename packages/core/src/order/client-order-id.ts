import { shortHash, type OrderRole } from '@tapedeck/contracts'

const ROLE_LETTER = {
  ENTRY: 'e',
  STOP: 's',
  TARGET: 't',
  EXIT: 'x',
  EMERGENCY_STOP: 'm',
} as const satisfies Record<OrderRole, string>

const OWN = /^td-[0-9a-f]{20}-[estxm]\d{1,6}$/

/**
 * The client order id of a trade's `counter`-th order: the same work done twice makes the same id, and
 * another order never does. At most 31 characters of `[A-Za-z0-9_-]`; venues allow 36.
 * Throws a RangeError when the counter is not 1..999999.
 */
export const clientOrderId = (tradeId: string, role: OrderRole, counter: number): string => {
  if (!Number.isSafeInteger(counter) || counter < 1 || counter > 999_999)
    throw new RangeError(`order counter ${counter} of trade ${tradeId}: expected 1 to 999999`)
  return `td-${shortHash(tradeId, 20)}-${ROLE_LETTER[role]}${counter}`
}

/** True for ids of the form that only `clientOrderId` makes: an order at the venue that we sent once. */
export const isOwnClientOrderId = (id: string): boolean => OWN.test(id)
