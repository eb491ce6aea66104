import type { ExecutionConfig } from '@tapedeck/contracts'
import type { Dec } from '../decimal/index.ts'
import type { ExecutionTape } from './execution-tape.ts'

/** What every instrument's desk shares. */
export type DeskContext = {
  readonly config: ExecutionConfig
  readonly tape: ExecutionTape
  /** Equity at the session's start, which P&L percent is of. */
  readonly sessionStartEquity: () => Dec
  /** The price of an asset in another, by a mark on the tape or as configured; null where there is neither. */
  readonly priceOf: (asset: string, quote: string) => Dec | null
  /** The account has changed: it is told once the step is done. */
  readonly touchAccount: () => void
  /** Something that should not have happened: kept for the operator, never on the tape. */
  readonly report: (problem: string) => void
}

/** What a trade's keeper needs besides: the price that a market order may expect. */
export type KeeperContext = DeskContext & { readonly lastTicks: () => number | null }
