/** How many jobs may be in hand at a time. */
export class FreeSlots {
  #free: number
  #waiting: (() => void)[] = []

  constructor(size: number) {
    this.#free = size
  }

  /** Resolves when somebody could be let in, without letting anybody in. */
  async untilFree(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  async take(): Promise<void> {
    await this.untilFree()
    this.#free -= 1
  }

  release(): void {
    this.#free += 1
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
