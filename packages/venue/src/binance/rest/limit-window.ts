/** After a boundary, for clocks that differ a little. */
const MARGIN_MS = 100

/** When the next whole window of `lengthMs` has begun for certain. */
export const nextWindow = (now: number, lengthMs: number): number =>
  (Math.floor(now / lengthMs) + 1) * lengthMs + MARGIN_MS

/** One limit of the venue: so much in each whole minute, or each whole ten seconds, of its clock. */
export class LimitWindow {
  readonly #lengthMs: number
  limit: number
  #window = -1
  #used = 0

  constructor(lengthMs: number, limit: number) {
    this.#lengthMs = lengthMs
    this.limit = limit
  }

  #windowOf(time: number): number {
    return Math.floor(time / this.#lengthMs)
  }

  usedAt(now: number): number {
    return this.#windowOf(now) === this.#window ? this.#used : 0
  }

  /** When `amount` fits into `share` of the limit: `now`, or when the next window begins. */
  freeAt(now: number, amount: number, share: number): number {
    if (amount === 0) return 0
    // What never fits is let through alone in a fresh window: the venue's answer is better than none.
    const used = this.usedAt(now)
    if (used === 0 || used + amount <= Math.floor(this.limit * share)) return now
    return nextWindow(now, this.#lengthMs)
  }

  take(now: number, amount: number): void {
    const used = this.usedAt(now)
    this.#window = this.#windowOf(now)
    this.#used = used + amount
  }

  /** The venue's own count, of the window in which a call was sent; worth nothing once that is over. */
  correct(sentAt: number, now: number, used: number | null): void {
    if (used === null || this.#windowOf(sentAt) !== this.#windowOf(now)) return
    const ours = this.usedAt(now)
    this.#window = this.#windowOf(now)
    this.#used = Math.max(ours, used)
  }
}
