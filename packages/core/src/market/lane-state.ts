import type { Instrument, Trades } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { TradeCounts } from './trade-continuity.ts'

/** What a lane keeps beside its parts; plain JSON. */
export type LaneState = {
  versions: { trades: number; depth: number; mark: number }
  batch: Trades | null
  lastTime: number
  retimed: number
  depthGaps: number
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
  readonly state: LaneState
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
  versions: { trades: 0, depth: 0, mark: 0 },
  batch: null,
  lastTime: 0,
  retimed: 0,
  depthGaps: 0,
  lastBarClose: null,
})

/** A deep copy: the state shares nothing with a snapshot that was taken of it. */
export const structureOf = (state: LaneState): LaneState =>
  JSON.parse(JSON.stringify(state)) as LaneState

/** An empty batch, with the ids that are missing before it. */
export const startBatch = (instrument: Instrument, gap: number): Trades => {
  const { venue, symbol, tick_size, lot_size } = instrument
  return {
    venue,
    symbol,
    tick_size,
    lot_size,
    first_id: 0,
    last_id: 0,
    gap,
    id: [],
    price_ticks: [],
    quantity_lots: [],
    time: [],
    maker: [],
    excluded: [],
  }
}
