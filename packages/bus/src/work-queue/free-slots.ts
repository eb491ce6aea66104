/** How many jobs may be in hand at a time; that may change as it goes. */
export class FreeSlots {
  readonly #size: () => number
  #inHand = 0
  #waiting: (() => void)[] = []

  constructor(size: () => number) {
    this.#size = size
  }

  /** Resolves when somebody could be let in, without letting anybody in. */
  async untilFree(): Promise<void> {
    while (this.#inHand >= this.#size()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  async take(): Promise<void> {
    await this.untilFree()
    this.#inHand += 1
  }

  release(): void {
    this.#inHand -= 1
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
