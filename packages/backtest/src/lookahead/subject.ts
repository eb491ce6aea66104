/**
 * Told of everything that a subject says: when it was so, what it is, and the whole of it as JSON. Statements of the
 * same `what` are compared in their order; what says nothing of the data but where it stood in a stream (a sequence
 * number, the number of a batch) does not belong into a body.
 */
export type Hear = (at: number, what: string, body: unknown) => void

/**
 * What is examined: something that is played over data from the beginning each time, and says things. Nothing may
 * be left of one play in the next.
 */
export type Subject<Data> = {
  readonly name: string
  play(data: Data, hear: Hear): Promise<void>
}

/** A moment at which the future is replaced: data before it stays; what was said up to it must stay as well. */
export type Cut = { readonly at: number }

/** Data, and the same data with another future. */
export type Material<Data, C extends Cut = Cut> = {
  readonly clean: Data
  readonly from: number
  readonly to: number
  /** A cut near the moment, or null where there is none (no data after it, or data out of order across it). */
  cutNear(at: number): Promise<C | null>
  /** What is played instead: the same up to the cut, then garbage. Equal arguments give equal garbage. */
  poisoned(cut: C, poison: Poison, seed: number): Promise<Data>
}

/** Futures that have nothing in common with the real one; each would betray another way of knowing it. */
export const POISONS = {
  absurd: 'prices a thousandfold and a thousandth, sizes to match',
  mirrored: 'what really came, upside down: falls for rises, sellers for buyers',
  silence: 'nothing for a month, then a little',
  repeated: 'one moment again and again',
  wandering: 'a random walk from the last price',
} as const
export type Poison = keyof typeof POISONS
export const POISON_NAMES = Object.keys(POISONS) as readonly Poison[]
