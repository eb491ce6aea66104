/**
 * A finished trade as statistics see it, whoever made it: the order-flow brain, a strategy on bars, the
 * journal. Prices and money in the quote asset, as float64: statistics describe a ledger, they are not one.
 */
export type ClosedTrade = {
  readonly trade_id: string
  readonly symbol: string
  readonly strategy: string
  readonly side: 'LONG' | 'SHORT'
  /** Null where the strategy does not grade. */
  readonly grade: string | null
  readonly exit_reason: string
  /** Id of the session it was entered in: its UTC date. */
  readonly session: string
  readonly entered_at: number
  readonly exited_at: number
  readonly quantity: number
  readonly entry_price: number
  readonly exit_price: number
  readonly fees: number
  readonly funding: number
  readonly net_pnl: number
  /** Net, in units of the risk taken at entry; null where no stop said what was risked. */
  readonly r: number | null
  /** Worst and best excursion while open, in the same units; adverse is 0 or less. */
  readonly mae_r: number | null
  readonly mfe_r: number | null
}

/** Equity at a moment (ms). A curve is sorted by time and starts with the starting balance. */
export type EquityPoint = { readonly at: number; readonly equity: number }
