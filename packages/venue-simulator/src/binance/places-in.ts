import type { Call } from './route.ts'
import { placesOf, type Places, type PlacesIn } from './shapes/decimals.ts'

const NONE: Places = { price: 0, quantity: 0 }

/** How prices and quantities of each symbol are written; looked up once a symbol. */
export const placesIn = ({ exchange }: Pick<Call, 'exchange'>): PlacesIn => {
  const known = new Map<string, Places>()
  return (symbol) => {
    const before = known.get(symbol)
    if (before !== undefined) return before
    const instrument = exchange.instrument(symbol)
    const places = instrument === null ? NONE : placesOf(instrument)
    known.set(symbol, places)
    return places
  }
}

/** What streams ask about symbols: how their decimals are written, and what kind of contract they are. */
export const namingOf = (
  exchange: Call['exchange'],
): { readonly placesIn: PlacesIn; readonly contractOf: (symbol: string) => string } => ({
  placesIn: placesIn({ exchange }),
  contractOf: (symbol) => exchange.instrument(symbol)?.contractType ?? 'PERPETUAL',
})
