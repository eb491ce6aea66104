import type { Instrument, InstrumentConfig } from '@tapedeck/contracts'

const QUOTE = 'USDT'

/** What every field is unless a test says otherwise: BTCUSDT as Binance USD-M lists it. */
const USUAL: Omit<Instrument, 'base_asset'> = {
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  quote_asset: QUOTE,
  tick_size: '0.1',
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '100',
  max_leverage: 20,
}

/** BTCUSDT on Binance USD-M, but for what is `given`. The base asset follows from the symbol. */
export const testInstrument = (given: Partial<Instrument> = {}): Instrument => {
  const symbol = given.symbol ?? USUAL.symbol
  return { ...USUAL, base_asset: symbol.replace(QUOTE, ''), ...given }
}

/** The same as a trading configuration lists it, with thresholds that a short session reaches. */
export const testInstrumentConfig = (given: Partial<InstrumentConfig> = {}): InstrumentConfig => ({
  ...testInstrument(given),
  profile_bin_ticks: 100,
  min_absorption_volume: 50,
  footprint_imbalance_floor: 0,
  correlation_group: 'none',
  ...given,
})
