import { dec, sum, toDecimalString } from '@tapedeck/core'
import type { Outcome } from './parity-report.ts'
import type { Fill, SignalFacts } from './session-facts.ts'

const NOTHING = {
  trade_id: null,
  entered_at: null,
  closed_at: null,
  quantity: null,
  entry_price: null,
  exit_price: null,
  exit_reason: null,
  fees: null,
  net_pnl: null,
} as const

export const quantityOf = (fills: readonly Fill[]): string =>
  toDecimalString(sum(fills.map(({ last_quantity }) => last_quantity)))

/** What became of a signal; `undefined` where it was never given. */
export const outcomeOf = (facts: SignalFacts | undefined): Outcome => {
  if (facts === undefined) return { outcome: 'no_signal', ...NOTHING, why: 'no such signal' }
  const { approved, denied, trade } = facts
  if (denied !== null) {
    const failed = denied.checks.find(({ reason }) => reason === denied.reason)
    const why = `denied: ${denied.reasons.join(', ')}${failed === undefined ? '' : ` (${failed.detail})`}`
    return { outcome: 'denied', ...NOTHING, why }
  }
  if (trade === null)
    return {
      outcome: 'undecided',
      ...NOTHING,
      why: approved === null ? 'the record ends before it was judged' : 'approved, never started',
    }
  const { trade: made, entries, closed, abandoned } = trade
  const { trade_id } = made
  if (entries.length === 0)
    return {
      outcome: 'not_filled',
      ...NOTHING,
      trade_id,
      why: abandoned ?? 'the entry still rests',
    }
  const entered = {
    ...NOTHING,
    trade_id,
    entered_at: entries[0]!.at,
    quantity: quantityOf(entries),
    entry_price: made.entry_price,
  }
  if (closed === null) return { outcome: 'open', ...entered, why: 'still open at the end' }
  return {
    outcome: 'closed',
    ...entered,
    entry_price: closed.trade.entry_price,
    closed_at: closed.closed_at,
    exit_price: closed.exit_price,
    exit_reason: closed.exit_reason,
    fees: closed.fees,
    net_pnl: closed.net_pnl,
    why: `closed by ${closed.exit_reason}`,
  }
}

/** What fills came to, price times quantity, exactly. */
export const valueOf = (fills: readonly Fill[]): ReturnType<typeof dec> =>
  sum(fills.map(({ last_price, last_quantity }) => dec(last_price).times(last_quantity)))
