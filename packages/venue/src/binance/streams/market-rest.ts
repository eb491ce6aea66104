import type { DepthEvent, TradeEvent } from '@tapedeck/core'
import type { InstrumentGrid } from '../market/index.ts'

/** The REST calls that repair streams. Both reject when the venue does not answer. */
export interface MarketRest {
  /** The whole book as it is now. */
  depthSnapshot(grid: InstrumentGrid): Promise<DepthEvent>
  /** Up to 1000 aggregate trades from an id on, oldest first. */
  aggTrades(grid: InstrumentGrid, fromId: number): Promise<TradeEvent[]>
}
