import type { Message, Output } from '@tapedeck/contracts'

/** A value that survives JSON unchanged: what checkpoints are made of. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * A service's brain: a deterministic function of its configuration and the tape so far.
 *
 * `handle` may change the state in place and returns what to append, in order. The same messages in
 * the same order give the same outputs, however they were batched and wherever the state was saved
 * with `snapshot` and rebuilt in between. Time comes from the messages; nothing reads a clock.
 */
export interface Decider {
  handle(message: Message): Output[]
  /** All state, as JSON. A decider made from it goes on exactly where this one stands. */
  snapshot(): Json
}

/** Makes a decider, fresh or from a snapshot. The configuration must be the one of the snapshot. */
export type DeciderFactory<Config> = (config: Config, snapshot?: Json) => Decider
