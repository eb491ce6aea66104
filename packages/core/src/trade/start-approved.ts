import { shortHash, type SignalApproved } from '@tapedeck/contracts'
import { checkApproval, type ApprovalContext } from './check-approval.ts'
import type { ExecutionTape } from './execution-tape.ts'
import type { InstrumentDesk } from './instrument-desk.ts'
import { toRefusedTrade } from './trade-record.ts'

/** Starts the trade of an approval, or tells why it was refused. */
export const startApproved = (
  approval: SignalApproved,
  desk: InstrumentDesk,
  context: Omit<ApprovalContext, 'tradeOpen' | 'orphanHeld'> & { readonly runId: string | null },
  tape: ExecutionTape,
): void => {
  const { runId, ...given } = context
  const tradeId = `trade-${shortHash(`${runId}|${approval.decision_id}`)}`
  const check = checkApproval(approval, desk.grid, {
    ...given,
    tradeOpen: desk.tradeId !== null,
    orphanHeld: desk.hasOrphan,
  })
  if (check.ok) return desk.start(tradeId, approval, check.steps, given.now)
  const reason = `refused: ${check.refusal}, ${check.detail}`
  const trade = toRefusedTrade(tradeId, approval)
  tape.trade('execution.trade.abandoned', trade, desk.grid, reason, given.now)
}
