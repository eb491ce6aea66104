import { listInstrument, type ExchangeInstrument } from '../exchange/index.ts'
import type { SimulatedVenueOptions } from './venue-options.ts'

/** What a venue lists: what it is told, else what its source brings prices of. */
export const listedInstruments = ({
  instruments,
  source,
}: SimulatedVenueOptions): readonly ExchangeInstrument[] => {
  if (instruments !== undefined) return instruments
  if (source === undefined)
    throw new RangeError('instruments: expected at least one, as there is no market source')
  return source.instruments.map((instrument) => listInstrument(instrument))
}
