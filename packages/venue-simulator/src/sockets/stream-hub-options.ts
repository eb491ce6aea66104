import type { PlacesIn } from '../binance/index.ts'
import type { StreamFaults } from '../faults/index.ts'
import type { SavedAllMarket } from './all-market-streams.ts'
import type { ListenKeys } from './listen-keys.ts'
import type { MarketView } from './market-view.ts'
import type { StreamLimits } from './stream-limits.ts'
import type { SavedSymbolStreams } from './symbol-streams.ts'

export type StreamHubOptions = {
  /** What is listed, e.g. `BTCUSDT`. */
  readonly symbols: readonly string[]
  readonly view: MarketView
  readonly listenKeys: ListenKeys
  /** The venue's clock at the beginning, ms. */
  readonly startTime: number
  readonly faults?: StreamFaults
  readonly limits?: Partial<StreamLimits>
  /** What kind of contract a symbol is; a perpetual one without. */
  readonly contractOf?: (symbol: string) => string
  /** How decimals are written; as the exchange tells them without. */
  readonly placesIn?: PlacesIn
}

export type SavedStreams = {
  readonly time: number
  readonly askedAt: number
  readonly checkedAt: number
  readonly nextId: number
  readonly symbols: readonly (readonly [symbol: string, streams: SavedSymbolStreams])[]
  readonly allMarket: SavedAllMarket
}
