/** As `packages/runtime` has them: how long a lease lasts, and how often it is renewed. */
export const LEASE_TTL_MS = 4_000
export const LEASE_RENEW_MS = 1_000

/** The lease of an account as the database holds it: one holder at a time, each with an epoch of its own. */
export class LeaseDesk {
  #epoch = 0
  #until = -Infinity

  isFree(now: number): boolean {
    return now >= this.#until
  }

  /** The new epoch; null while another holds it. */
  take(now: number): number | null {
    if (!this.isFree(now)) return null
    this.#until = now + LEASE_TTL_MS
    this.#epoch += 1
    return this.#epoch
  }

  /** False when another has taken it. */
  renew(epoch: number, now: number): boolean {
    if (epoch !== this.#epoch) return false
    this.#until = now + LEASE_TTL_MS
    return true
  }

  /** What every commit asserts. */
  isHeldBy(epoch: number): boolean {
    return epoch === this.#epoch
  }

  /** Its holder ended, and gave it back. */
  release(): void {
    this.#until = -Infinity
  }
}
