import type { VenueClock } from '../../port/index.ts'

type Sample = { readonly offset: number; readonly roundTrip: number; readonly at: number }

const errorOf = ({ roundTrip }: Sample): number => roundTrip / 2 + 1

/** Samples that are looked at: the one with the shortest way there and back is the most exact. */
const KEPT = 8
/** A sample this much older than the newest is no longer believed: clocks drift. */
const OLD_MS = 15 * 60_000

/**
 * The venue's clock as we see it: our own plus an offset, from answers of known round trips. The best of
 * late ones counts; one that contradicts it beyond its own error replaces it, so steps of a clock are followed.
 */
export class ServerClock {
  readonly #clock: Pick<VenueClock, 'now'>
  #samples: Sample[] = []
  #best: Sample | null = null

  constructor(clock: Pick<VenueClock, 'now'>) {
    this.#clock = clock
  }

  /** Venue time minus ours, ms; 0 before the first sample. */
  get offset(): number {
    return this.#best?.offset ?? 0
  }

  get isSet(): boolean {
    return this.#best !== null
  }

  /** Milliseconds by the venue's clock. */
  now(): number {
    return this.#clock.now() + this.offset
  }

  /** Whole milliseconds, for time stamps: never rounded into the future, which the venue takes worse. */
  timestamp(): number {
    return Math.floor(this.now())
  }

  /** The venue said `serverTime` in answer to a question sent at `sentAt`, received at `receivedAt`, by our clock. */
  take(serverTime: number, sentAt: number, receivedAt: number): void {
    const roundTrip = receivedAt - sentAt
    const sample = { offset: serverTime - (sentAt + receivedAt) / 2, roundTrip, at: receivedAt }
    const agree = this.#samples.filter(
      (one) =>
        receivedAt - one.at <= OLD_MS &&
        Math.abs(one.offset - sample.offset) <= errorOf(one) + errorOf(sample),
    )
    // The newest one that contradicts all before it is right: the clock was stepped.
    this.#samples = [...agree, sample].slice(-KEPT)
    this.#best = this.#samples.reduce((best, one) => (one.roundTrip <= best.roundTrip ? one : best))
  }

  /** What was believed is worth nothing: the venue refused a time stamp. */
  forget(): void {
    this.#samples = []
  }
}
