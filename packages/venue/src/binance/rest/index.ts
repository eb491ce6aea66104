/**
 * REST: what is sent, how often, and what its answers mean.
 *
 * Entry points: `RestClient` (calls by ccxt's names for them), `classifyAnswer` (the meaning of an answer),
 * `AnswerFields` (reading one). Invariants: nothing leaves for a host that was not configured; an answer
 * that is not known to be definitive is unknown; no order is ever sent twice.
 */
export { AnswerFields, AnswerUnreadable, fieldsOfAll } from './answer-fields.ts'
export type { CallName, CallParameters } from './calls.ts'
export { classifyAnswer, type Classified, type RawAnswer } from './classify-answer.ts'
export type { FetchAnswer, FetchLike, FetchRequest } from './fetch-like.ts'
export { NotSent } from './venue-fetch.ts'
export type { RestVenue } from './rest-api.ts'
export type { Urgency, VenueLimits } from './rate-limiter.ts'
export { DEFAULT_LIMITS, RateLimiter } from './rate-limiter.ts'
export { RestClient, type RestClientOptions } from './rest-client.ts'
export type { RestOutcome } from './rest-outcome.ts'
export { ServerClock } from './server-clock.ts'
