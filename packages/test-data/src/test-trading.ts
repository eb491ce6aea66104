import { TradingConfig } from '@tapedeck/contracts'
import { testInstrumentConfig } from './test-instrument.ts'

/** Sections of the trading configuration as its file has them: what is not given takes its default. */
export type TradingSections = Partial<Record<keyof TradingConfig, unknown>>

/** A trading configuration of BTCUSDT alone and all defaults, but for the sections that are given. */
export const testTrading = (sections: TradingSections = {}): TradingConfig =>
  TradingConfig.parse({ instruments: [testInstrumentConfig()], ...sections })
