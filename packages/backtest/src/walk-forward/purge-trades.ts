import { inExitOrder, type ClosedTrade, type EquityPoint } from '@tapedeck/core'
import type { Span } from './windows.ts'

/** The run's own end closed it. */
const END_OF_DATA = 'end_of_data'

export type Purged = { readonly kept: readonly ClosedTrade[]; readonly purged: number }

/**
 * Drops training trades whose life is not within the stretch that they were trained on: entered before
 * it, or ended at its end or later (the run's own end closed them, the market had not). Their outcome was
 * decided by what training may not see.
 */
export const purgeTrades = (trades: readonly ClosedTrade[], train: Span): Purged => {
  const kept = trades.filter(
    ({ entered_at, exited_at, exit_reason }) =>
      entered_at >= train.from && exited_at < train.to && exit_reason !== END_OF_DATA,
  )
  return { kept, purged: trades.length - kept.length }
}

/** Equity as trades were realized: what is left when some trades are taken out of a run. */
export const realizedEquity = (
  trades: readonly ClosedTrade[],
  startingBalance: number,
  from: number,
): EquityPoint[] => {
  let equity = startingBalance
  const curve: EquityPoint[] = [{ at: from, equity }]
  for (const { exited_at, net_pnl } of inExitOrder(trades)) {
    equity += net_pnl
    curve.push({ at: exited_at, equity })
  }
  return curve
}
