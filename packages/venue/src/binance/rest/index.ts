/** Signed REST: what is sent, how often, and what its answers mean. */
export type { FetchAnswer, FetchLike, FetchRequest } from './fetch-like.ts'
