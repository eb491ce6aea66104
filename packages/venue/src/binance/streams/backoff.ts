export type BackoffOptions = {
  readonly firstMs: number
  readonly maxMs: number
  /** 0 to 1. */
  readonly random: () => number
}

/** Waits that grow twofold, each between a half and the whole of it, so that clients do not march in step. */
export class Backoff {
  readonly #options: BackoffOptions
  #attempt = 0

  constructor(options: BackoffOptions) {
    this.#options = options
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const { firstMs, maxMs, random } = this.#options
    const whole = Math.min(maxMs, firstMs * 2 ** Math.min(this.#attempt++, 20))
    return whole * (0.5 + random() / 2)
  }

  /** It worked: the next wait is the shortest again. */
  reset(): void {
    this.#attempt = 0
  }
}
