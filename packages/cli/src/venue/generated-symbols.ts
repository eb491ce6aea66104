import {
  TapedeckError,
  instrumentsOf,
  type Instrument,
  type TradingConfig,
} from '@tapedeck/contracts'
import { dec, roundToStep, toDecimalString } from '@tapedeck/core'
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
/** Whose instruments of a configuration a simulated venue lists. */
const LISTED_AS = 'binance-usdm'

/** A first price for what has none here, in ticks: about as finely as the venue's perpetuals are stepped. */
const START_TICKS = 50_000
/** Brackets decide what is allowed; this is their first. */
export const MAX_LEVERAGE = 125

const known = (symbol: string): Instrument | null => {
  const grid = Object.hasOwn(KNOWN, symbol) ? KNOWN[symbol] : undefined
  if (grid === undefined) return null
  const [tick, lot, notional] = grid
  return {
    venue: 'generated',
    symbol,
    base_asset: symbol.slice(0, -QUOTE.length),
    quote_asset: QUOTE,
    tick_size: tick,
    lot_size: lot,
    min_quantity: lot,
    min_notional: notional,
    max_leverage: MAX_LEVERAGE,
  }
}

const startPriceOf = ({ symbol, tick_size }: Instrument): string => {
  const price = Object.hasOwn(KNOWN, symbol) ? KNOWN[symbol]![3] : '0'
  const onGrid = roundToStep(dec(price), tick_size, 'nearest')
  return toDecimalString(onGrid.gt(0) ? onGrid : dec(tick_size).times(START_TICKS))
}

/** What a simulated venue lists of a configuration: instruments of Binance USD-M in the asset of its accounts. */
export const listedOf = (trading: TradingConfig): readonly Instrument[] =>
  instrumentsOf(trading).filter((one) => one.venue === LISTED_AS && one.quote_asset === QUOTE)

/**
 * Symbols of the generated market: with the grid of `instruments` where they have it, else with the one that is known
 * here. Throws SYMBOL_UNKNOWN for one that has none.
 */
export const generatedSymbols = (
  symbols: readonly string[],
  instruments: readonly Instrument[] = [],
): readonly GeneratedSymbol[] =>
  symbols.map((symbol) => {
    const configured = instruments.find((one) => one.symbol === symbol)
    const instrument =
      configured === undefined
        ? known(symbol)
        : { ...configured, venue: 'generated', max_leverage: MAX_LEVERAGE }
    if (instrument === null)
      throw new TapedeckError(
        'SYMBOL_UNKNOWN',
        `the generated market has no ${symbol}; it has ${Object.keys(KNOWN).join(', ')}`,
        { hint: `Any other needs its grid: an instrument of ${LISTED_AS} in the configuration.` },
      )
    const startPrice = startPriceOf(instrument)
    return { instrument, startPrice, meanQuantity: MEAN_NOTIONAL / Number(startPrice) }
  })
