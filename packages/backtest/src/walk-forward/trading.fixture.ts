import { TradingConfig } from '@tapedeck/contracts'

/** A trading configuration for tests: one instrument, every default. */
export const testTrading = TradingConfig.parse({
  instruments: [
    {
      venue: 'binance-usdm',
      symbol: 'BTCUSDT',
      base_asset: 'BTC',
      quote_asset: 'USDT',
      tick_size: '0.1',
      lot_size: '0.001',
      min_quantity: '0.001',
      min_notional: '100',
      profile_bin_ticks: 100,
      min_absorption_volume: 50,
    },
  ],
})
