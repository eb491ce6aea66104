import { testInstrument } from '@tapedeck/test-data'

export const instrument = (symbol: string, tick = '0.1') =>
  testInstrument({ symbol, tick_size: tick, min_notional: '5' })

export const A = instrument('AUSDT')
export const B = instrument('BUSDT', '0.01')
