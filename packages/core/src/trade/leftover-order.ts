import type { CorrectionRequested, OrderRole, OrderType } from '@tapedeck/contracts'
import { decimalToSteps } from '../market/index.ts'
import { isOwnClientOrderId, type InstrumentGrid, type OrderDraft } from '../order/index.ts'

/** Orders that rest at a venue and belong to nothing in our books. They are canceled, and then forgotten. */
export const LEFTOVER = 'leftover'

/** What the letter in an id of ours says (`clientOrderId`). */
const KINDS: Readonly<Record<string, { readonly role: OrderRole; readonly type: OrderType }>> = {
  e: { role: 'ENTRY', type: 'LIMIT' },
  s: { role: 'STOP', type: 'STOP_MARKET' },
  t: { role: 'TARGET', type: 'TAKE_PROFIT_MARKET' },
  x: { role: 'EXIT', type: 'MARKET' },
  m: { role: 'EMERGENCY_STOP', type: 'STOP_MARKET' },
}

/** The order that a correction wants canceled, as far as it can be known; null when the id is not one of ours. */
export const leftoverDraft = (
  { client_order_id: id, side, quantity }: CorrectionRequested,
  { lot }: InstrumentGrid,
): OrderDraft | null => {
  if (id === null || side === null || !isOwnClientOrderId(id)) return null
  const kind = KINDS[id.split('-').at(-1)![0]!]
  if (kind === undefined) return null
  const lots = Math.max(1, decimalToSteps(quantity ?? '0', lot) ?? 1)
  return {
    clientOrderId: id,
    tradeId: LEFTOVER,
    ...kind,
    side,
    lots,
    priceTicks: null,
    stopTicks: null,
    reduceOnly: kind.role !== 'ENTRY',
  }
}
