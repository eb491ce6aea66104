import { type Instrument, type TradingConfig, instrumentsOf } from '@tapedeck/contracts'

/** Prints of one day of BTCUSDT perpetual. */
export const TRADES = 2_000_000

/** The instrument that the day is of. */
export const INSTRUMENT_OF = (trading: TradingConfig): Instrument =>
  instrumentsOf(trading).find(
    ({ venue, symbol }) => venue === 'binance-usdm' && symbol === 'BTCUSDT',
  )!
