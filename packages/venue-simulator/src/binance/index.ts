/**
 * The venue's REST interface in Binance's words: parameters in, JSON out, with its signatures, limits,
 * listen keys and error codes.
 *
 * Entry points: `RestApi` (a request in, an answer out), `API_CALLS` (methods of the WebSocket API, which are
 * answered by the same routes), `ApiKeys`, `ListenKeyRegistry`, `sign` (for clients in tests). Invariants: no request throws, whatever its bytes; nothing answers with 5xx (that is what
 * faults are for); every refusal of the exchange has one code; secrets and signatures are in no answer.
 */
export { API_CALLS, apiCall } from './api-calls.ts'
export { API_ERRORS, ApiError } from './api-error.ts'
export { namingOf } from './places-in.ts'
export { averaged, money, padded, quoted, type Places, type PlacesIn } from './shapes/decimals.ts'
export { ApiKeys } from './api-keys.ts'
export {
  ListenKeyRegistry,
  LISTEN_KEY_MS,
  type ExpiredKey,
  type SavedListenKeys,
} from './listen-key-registry.ts'
export { ORDER_LIMITS, type OrderLimits } from './order-limiter.ts'
export { venueWordsOf } from './refusal-to-error.ts'
export { RestApi, type Clocks, type RestApiOptions, type SavedLimits } from './rest-api.ts'
export { sign } from './sign.ts'
export { WEIGHT_PER_MINUTE } from './weight-limiter.ts'
