import type { Trades } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { TradeCounts } from './trade-continuity.ts'

/** What a lane keeps beside its parts; plain JSON. */
export type LaneState = {
  versions: { trades: number; mark: number }
  lastTime: number
  retimed: number
  lastBarClose: number | null
}

/** A lane as JSON: its parts and what it keeps beside them. */
export type LaneJson = {
  readonly continuity: Json
  readonly bars: Json
  readonly book: Json
  readonly sync: Json
  readonly feeds: Json
  readonly quotes?: Json
  /** With the batch being filled. */
  readonly state: LaneState & {
    readonly versions: { readonly depth: number }
    readonly depthGaps: number
    readonly batch: Trades | null
  }
}

export type LaneCounts = Readonly<TradeCounts> & {
  /** Prints whose time fell behind the market and was lifted to it. */
  readonly retimed: number
  readonly depthGaps: number
  /** Book states that carry the id of a quote, and how many of them equal it. */
  readonly quotesCompared: number
  readonly quotesAgreed: number
}

export const freshState = (): LaneState => ({
  versions: { trades: 0, mark: 0 },
  lastTime: 0,
  retimed: 0,
  lastBarClose: null,
})

/** A deep copy: the state shares nothing with a snapshot that was taken of it. */
export const structureOf = (state: LaneState): LaneState => ({
  versions: { trades: state.versions.trades, mark: state.versions.mark },
  lastTime: state.lastTime,
  retimed: state.retimed,
  lastBarClose: state.lastBarClose,
})
