import type { ClosedTrade, EquityPoint } from '@tapedeck/core'

/** Something that the data cannot show, in words for people (S3 §12.1). Printed with every result. */
export type DataLimit = {
  readonly code: string
  readonly about: string
}

/** A hole in the data that a backtest passed over. */
export type DataGap = {
  readonly symbol: string
  readonly from: number
  readonly to: number
  readonly what: string
}

/**
 * What a backtest made, in the shape that metrics, reports, walk-forward and parity read. Plain JSON.
 * `stopped` is null when all of the data was played; otherwise everything up to `at` is there and counts.
 */
export type BacktestResult = {
  readonly run_id: string
  /** Names the strategy or, for the order-flow brain, `order_flow`. */
  readonly strategy: string
  readonly symbols: readonly string[]
  readonly from: number
  readonly to: number
  readonly starting_balance: number
  readonly trades: readonly ClosedTrade[]
  readonly equity: readonly EquityPoint[]
  /** Events by message type, decisions by outcome, denials by reason: what happened how often. */
  readonly counts: Readonly<Record<string, number>>
  /** Versions and hashes that the result depends on: code, configuration, data. */
  readonly provenance: Readonly<Record<string, string>>
  readonly limits: readonly DataLimit[]
  readonly gaps: readonly DataGap[]
  readonly stopped: { readonly at: number; readonly reason: string } | null
}
