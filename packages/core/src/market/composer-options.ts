import type { Instrument, Output, Timeframe } from '@tapedeck/contracts'
import type { ColumnKind } from './trade-batch.ts'

export type ComposerOptions = {
  readonly instruments: readonly Instrument[]
  /** Most prints in one batch: 100 live, up to 1000 in a replay. Default 1000. */
  readonly batchTrades?: number
  /** Longest event time in one batch; Infinity (default) leaves it to the boundaries. */
  readonly batchMs?: number
  /** A step ends after this many events even without a 15 s boundary. Default 20,000. */
  readonly stepEvents?: number
  /** Cadence of the clock. Default 1000; a source of klines uses the length of its bars. */
  readonly clockMs?: number
  /** Shortest bars. Default 15s; a source of klines uses its own timeframe. */
  readonly base?: Timeframe
  readonly carryForward?: boolean
  /** How far book changes and marks run ahead of prints before they move market time. Default 3000. */
  readonly lagMs?: number
  /** Default `arrays`. `views` spare copies where a step is done with before the next is composed. */
  readonly columns?: ColumnKind
}

/** A piece of the tape. `stepEnd` marks where lockstep hands over. */
export type ComposedStep = { readonly outputs: Output[]; readonly stepEnd: boolean }
