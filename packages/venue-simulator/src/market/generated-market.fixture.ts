import type { Instrument } from '@tapedeck/contracts'

export const START = Date.UTC(2026, 0, 5, 8)

export const BTCUSDT: Instrument = {
  venue: 'generated',
  symbol: 'BTCUSDT',
  base_asset: 'BTC',
  quote_asset: 'USDT',
  tick_size: '0.1',
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '100',
  max_leverage: 10,
}
