import type { CorrectionRequested } from '@tapedeck/contracts'
import { correctTrade, type CorrectionTools } from './correct-trade.ts'
import type { Holdings } from './holdings.ts'

/** What reconciliation asks of an instrument: of a position that no trade explains, or of the trade. */
export const correctDesk = (
  correction: CorrectionRequested,
  held: Holdings,
  tools: Omit<CorrectionTools, 'keeper' | 'fill'>,
): void => {
  const { keeper } = held
  const { orders, at } = tools
  if (correction.correction === 'PLACE_EMERGENCY_STOP') return held.protectOrphan(correction, at)
  if (correction.correction === 'CLOSE_FROM_FILLS' && keeper === null)
    return held.closeAdopted(correction, at)
  correctTrade(correction, {
    ...tools,
    keeper,
    fill: (order, event) => {
      if (orders.followMissed(event)) held.book(order, event)
    },
  })
}
