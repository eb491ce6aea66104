/**
 * Where the difference in net P&L comes from. Every part of it stands in exactly one of these:
 * - `data`: the two saw different prints or had other holes;
 * - `signal`: another decision: a signal that the other did not give, a denial, another order;
 * - `timing`: the same order, filled or closed at another moment or for another reason;
 * - `fill`: the same moment, another price or quantity, or an entry that the other got;
 * - `fee`, `funding`: what was paid on trades that both closed.
 */
export const PARTS = ['data', 'signal', 'timing', 'fill', 'fee', 'funding'] as const
export type Part = (typeof PARTS)[number]

/** Decimal strings, recorded minus backtest, in the quote asset. */
export type Parts = Readonly<Record<Part, string>>

/** What became of a signal on one side. */
export type Outcome = {
  readonly outcome: 'no_signal' | 'denied' | 'undecided' | 'not_filled' | 'open' | 'closed'
  readonly trade_id: string | null
  /** Market time, ms; null where it did not come to that. */
  readonly entered_at: number | null
  readonly closed_at: number | null
  readonly quantity: string | null
  readonly entry_price: string | null
  readonly exit_price: string | null
  readonly exit_reason: string | null
  readonly fees: string | null
  readonly net_pnl: string | null
  /** Why it ended where it did, in words. */
  readonly why: string
}

/** A trade that at least one side closed. */
export type TradeParity = {
  readonly signal_id: string
  readonly venue: string
  readonly symbol: string
  readonly side: 'BUY' | 'SELL'
  readonly strategy: string
  readonly at: number
  /** `signal`: by its id; `nearest`: by symbol, side and time; `none`: the other side has nothing like it. */
  readonly matched: 'signal' | 'nearest' | 'none'
  readonly recorded: Outcome
  readonly backtest: Outcome
  readonly gap: string
  readonly parts: Parts
  /** What makes the difference, in words; empty when there is none. */
  readonly reasons: readonly string[]
}

/** A stretch of minutes in which the prints of a symbol differ. */
export type DataDifference = {
  readonly symbol: string
  readonly from: number
  readonly to: number
  readonly recorded_prints: number
  readonly backtest_prints: number
}

export type ParitySide = {
  readonly signals: number
  readonly approved: number
  readonly denied: number
  readonly trades: number
  readonly net_pnl: string
}

export type ParityReport = {
  readonly run_id: string
  /** Session that was asked for; null for the whole run. */
  readonly session: string | null
  readonly from: number
  readonly to: number
  readonly recorded: ParitySide
  readonly backtest: ParitySide
  /** Net P&L, recorded minus backtest. */
  readonly gap: string
  /** The gaps of all trades without their signs: what cancels out counts too. */
  readonly absolute_gap: string
  readonly parts: Parts
  readonly trades: readonly TradeParity[]
  readonly data: readonly DataDifference[]
  /** Commands of operators that the record holds; a backtest has none. */
  readonly commands: readonly { readonly at: number; readonly what: string }[]
  readonly provenance: Readonly<Record<string, string>>
}
