import type { Instrument } from '@tapedeck/contracts'

export const instrument = (symbol: string, tick = '0.1'): Instrument => ({
  venue: 'binance-usdm',
  symbol,
  base_asset: 'BTC',
  quote_asset: 'USDT',
  tick_size: tick,
  lot_size: '0.001',
  min_quantity: '0.001',
  min_notional: '5',
  max_leverage: 1,
})

export const A = instrument('AUSDT')
export const B = instrument('BUSDT', '0.01')
