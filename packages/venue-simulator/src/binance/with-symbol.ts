import type { ExchangeInstrument } from '../exchange/index.ts'
import { API_ERRORS } from './api-error.ts'
import type { Call } from './route.ts'

/** The listed instrument that `symbol` names. Throws -1102 without one, -1121 for one that is not listed. */
export const instrumentOf = ({ exchange, parameters }: Call): ExchangeInstrument => {
  const instrument = exchange.instrument(parameters.text('symbol'))
  if (instrument === null) throw API_ERRORS.invalidSymbol()
  return instrument
}

/** As above, where the symbol may be left out: null then. */
export const optionalInstrumentOf = (call: Call): ExchangeInstrument | null =>
  call.parameters.optionalText('symbol') === undefined ? null : instrumentOf(call)

/** A value that the exchange has for every listed symbol. Throws -1121 where it has none yet. */
export const known = <T>(value: T | null): T => {
  if (value === null) throw API_ERRORS.invalidSymbol()
  return value
}
