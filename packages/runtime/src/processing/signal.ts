/** Wakes all who wait, each time; whoever waits looks again at what it waits for. */
export class Signal {
  #waiting: (() => void)[] = []

  /** Resolves at the next `wake`. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
