/** Hears why the tape cannot be read or appended to, and null when it can be again. */
export type TroubleListener = (problem: string | null) => void

/**
 * What keeps the parts of one process from the tape. A connection may stand while JetStream behind it does not
 * answer: nats-server switches it off when its disk was full, until it is started again.
 */
export class TapeTroubles {
  readonly #listener: TroubleListener
  readonly #troubles = new Map<object, string>()
  #told: string | null | undefined

  constructor(listener: TroubleListener) {
    this.#listener = listener
  }

  /** One part's own: the latest counts. */
  set(part: object, problem: string): void {
    this.#troubles.set(part, problem)
    this.#tell()
  }

  clear(part: object): void {
    this.#troubles.delete(part)
    this.#tell()
  }

  #tell(): void {
    const problems = [...new Set(this.#troubles.values())]
    const now = problems.length === 0 ? null : problems.join('; ')
    if (now === this.#told) return
    this.#told = now
    this.#listener(now)
  }
}
