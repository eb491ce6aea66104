import type { SymbolStreams } from './symbol-streams.ts'

/** What continuous candles of a symbol go by: its pair and kind of contract. */
const contractNameOf = (symbol: string, contract: string): string =>
  `${symbol.split('_', 1)[0]!}_${contract}`.toLowerCase()

/** Streams by what their names begin with: `btcusdt`, and `btcusdt_perpetual` for continuous candles. */
export const streamsByName = (
  symbols: readonly SymbolStreams[],
  contractOf: (symbol: string) => string,
): ReadonlyMap<string, SymbolStreams> =>
  new Map(
    symbols.flatMap((one) => [
      [one.symbol.toLowerCase(), one] as const,
      [contractNameOf(one.symbol, contractOf(one.symbol)), one] as const,
    ]),
  )
