import { inExitOrder, type ClosedTrade, type EquityPoint, type Performed } from '@tapedeck/core'
import type { Span } from './windows.ts'

/** What one test made, from a balance of its own. */
export type TestRun = {
  readonly span: Span
  readonly startingBalance: number
  readonly trades: readonly ClosedTrade[]
  readonly equity: readonly EquityPoint[]
}

const scaled = (trade: ClosedTrade, scale: number): ClosedTrade => ({
  ...trade,
  quantity: trade.quantity * scale,
  fees: trade.fees * scale,
  funding: trade.funding * scale,
  net_pnl: trade.net_pnl * scale,
})

/**
 * One account through all tests, in order of time: each test begins with what the one before left, and its
 * trades are scaled by that. Between tests equity stands still. An account that lost everything stays there.
 */
export const stitchTests = (runs: readonly TestRun[]): Performed => {
  const ordered = runs.toSorted((a, b) => a.span.from - b.span.from)
  const start = ordered[0]?.startingBalance ?? 0
  let capital = start
  const trades: ClosedTrade[] = []
  const equity: EquityPoint[] = []
  for (const run of ordered) {
    const scale = Math.max(0, capital) / run.startingBalance
    const begin = capital
    equity.push({ at: run.span.from, equity: begin })
    for (const point of run.equity) {
      const at = Math.min(Math.max(point.at, run.span.from), run.span.to)
      capital = begin + (point.equity - run.startingBalance) * scale
      equity.push({ at, equity: capital })
    }
    for (const trade of run.trades) trades.push(scaled(trade, scale))
  }
  return {
    from: ordered[0]?.span.from ?? 0,
    to: ordered.at(-1)?.span.to ?? 0,
    starting_balance: start,
    trades: inExitOrder(trades),
    equity,
  }
}
