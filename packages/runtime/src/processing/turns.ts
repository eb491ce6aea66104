/** Runs one unit of work at a time, in the order of asking. */
export class Turns {
  #tail: Promise<unknown> = Promise.resolve()

  /** Rejects with what the work throws; later turns are not affected. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(work, work)
    this.#tail = run.catch(() => undefined)
    return await run
  }
}
