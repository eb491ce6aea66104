/** The earlier of two times; null is never. */
export const earlier = (a: number | null, b: number | null): number | null =>
  a === null || (b !== null && b < a) ? b : a

/**
 * A rhythm: what changes between two beats is told on the second. Beats lie on whole multiples, and one
 * comes before what happens at the same millisecond.
 */
export class Beat {
  readonly #everyMs: number
  readonly #tell: (at: number) => void
  #due: number | null = null

  constructor(everyMs: number, tell: (at: number) => void) {
    this.#everyMs = everyMs
    this.#tell = tell
  }

  /** When it is next; null while there is nothing to tell. */
  get due(): number | null {
    return this.#due
  }

  /** Takes over when another one of its kind is due. */
  resume(due: number | null): void {
    this.#due = due
  }

  /** Something is to be told with the next beat. */
  touch(time: number): void {
    this.#due ??= (Math.floor(time / this.#everyMs) + 1) * this.#everyMs
  }

  /** What was to be told has been. */
  reset(): void {
    this.#due = null
  }

  /** Tells, if it is due at `time`. */
  run(time: number): void {
    if (this.#due === null || this.#due > time) return
    this.#due = null
    this.#tell(time)
  }
}
