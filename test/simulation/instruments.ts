import type { Instrument } from '@tapedeck/contracts'

export const VENUE = 'binance-usdm'

/** What is traded, and how large its market is. */
export type SimulatedInstrument = Instrument & {
  /** Price at the start, in ticks. */
  readonly startTicks: number
  /** How many times the first one's lots lie in the book, are printed and are traded. */
  readonly scale: number
}

/** Different ticks, lots and least notionals. The first one is in every trial. */
export const INSTRUMENTS: readonly [SimulatedInstrument, ...SimulatedInstrument[]] = [
  {
    venue: VENUE,
    symbol: 'BTCUSDT',
    base_asset: 'BTC',
    quote_asset: 'USDT',
    tick_size: '0.1',
    lot_size: '0.001',
    min_quantity: '0.001',
    min_notional: '50',
    max_leverage: 20,
    startTicks: 500_000,
    scale: 1,
  },
  {
    venue: VENUE,
    symbol: 'ETHUSDT',
    base_asset: 'ETH',
    quote_asset: 'USDT',
    tick_size: '0.01',
    lot_size: '0.01',
    min_quantity: '0.01',
    min_notional: '20',
    max_leverage: 20,
    startTicks: 300_000,
    scale: 1,
  },
  {
    venue: VENUE,
    symbol: 'XRPUSDT',
    base_asset: 'XRP',
    quote_asset: 'USDT',
    tick_size: '0.0001',
    lot_size: '0.1',
    min_quantity: '0.1',
    min_notional: '5',
    max_leverage: 20,
    startTicks: 25_000,
    scale: 50,
  },
]

/** Decimals of a step such as `0.001`. */
const decimalsOf = (step: string): number => step.split('.')[1]?.length ?? 0

/** Ticks as a price, and lots as a quantity, as messages write them. */
export const priceOf = ({ tick_size: step }: Instrument, ticks: number): string =>
  (ticks * Number(step)).toFixed(decimalsOf(step))
export const quantityOf = ({ lot_size: step }: Instrument, lots: number): string =>
  (lots * Number(step)).toFixed(decimalsOf(step))

export const instrumentOf = (symbol: string): SimulatedInstrument => {
  const found = INSTRUMENTS.find((one) => one.symbol === symbol)
  if (found === undefined) throw new Error(`${symbol} is not simulated`)
  return found
}

/** Without what only the simulation knows. */
export const plainInstrument = (one: SimulatedInstrument): Instrument => {
  const { startTicks: _start, scale: _scale, ...plain } = one
  return plain
}
