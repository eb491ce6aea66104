import type { ExchangeInstrument } from '../exchange/index.ts'
import { API_ERRORS } from './api-error.ts'
import type { Call } from './route.ts'

/** The listed instrument of `pair` and, where it is given, `contractType`. Throws -1102 without a pair, -4144 for none. */
export const instrumentOfPair = (
  { exchange, parameters }: Call,
  type?: string,
): ExchangeInstrument => {
  const pair = parameters.text('pair')
  const found = exchange
    .instruments()
    .find(
      ({ symbol, contractType }) =>
        symbol.split('_')[0] === pair && (type === undefined || contractType === type),
    )
  if (found === undefined) throw API_ERRORS.invalidPair()
  return found
}
