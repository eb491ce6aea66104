import type { ExchangeResult } from '../exchange/index.ts'
import { refusalToError, type Asking } from './refusal-to-error.ts'
import type { Call } from './route.ts'

/** What the exchange did. Throws the `ApiError` that stands for its refusal. */
export const done = <T>(
  { exchange, parameters }: Call,
  result: ExchangeResult<T>,
  asking: Asking = 'query',
): T => {
  if (result.ok) return result.value
  throw refusalToError(result, asking, exchange.instrument(parameters.peek('symbol') ?? ''))
}
