import { TapedeckError, type Instrument } from '@tapedeck/contracts'
import type { GeneratedSymbol } from '@tapedeck/venue-simulator'

/** Grids as the venue has them; prices of no particular day. */
const KNOWN: Readonly<
  Record<string, readonly [tick: string, lot: string, notional: string, price: string]>
> = {
  BTCUSDT: ['0.1', '0.001', '100', '60000'],
  ETHUSDT: ['0.01', '0.001', '20', '3000'],
  BNBUSDT: ['0.01', '0.01', '5', '600'],
  SOLUSDT: ['0.01', '0.01', '5', '150'],
  XRPUSDT: ['0.0001', '0.1', '5', '2'],
}

/** What an order of the generated market is worth on average, in the quote asset. */
const MEAN_NOTIONAL = 18_000
const QUOTE = 'USDT'

/** Symbols of the generated market with their grids. Throws SYMBOL_UNKNOWN for one that has none. */
export const generatedSymbols = (symbols: readonly string[]): readonly GeneratedSymbol[] =>
  symbols.map((symbol) => {
    const known = Object.hasOwn(KNOWN, symbol) ? KNOWN[symbol] : undefined
    if (known === undefined)
      throw new TapedeckError(
        'SYMBOL_UNKNOWN',
        `the generated market has no ${symbol}; it has ${Object.keys(KNOWN).join(', ')}`,
      )
    const [tick, lot, notional, startPrice] = known
    const instrument: Instrument = {
      venue: 'generated',
      symbol,
      base_asset: symbol.slice(0, -QUOTE.length),
      quote_asset: QUOTE,
      tick_size: tick,
      lot_size: lot,
      min_quantity: lot,
      min_notional: notional,
      max_leverage: 125,
    }
    return { instrument, startPrice, meanQuantity: MEAN_NOTIONAL / Number(startPrice) }
  })
