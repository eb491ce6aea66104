import type { Instrument } from '../market-data/instrument.ts'
import type { TradingConfig } from './trading-config.ts'

/** The grid and filters of each configured instrument, without its thresholds: what a run announces. */
export const instrumentsOf = ({ instruments }: TradingConfig): Instrument[] =>
  instruments.map((one) => ({
    venue: one.venue,
    symbol: one.symbol,
    base_asset: one.base_asset,
    quote_asset: one.quote_asset,
    tick_size: one.tick_size,
    lot_size: one.lot_size,
    min_quantity: one.min_quantity,
    min_notional: one.min_notional,
    max_leverage: one.max_leverage,
  }))
