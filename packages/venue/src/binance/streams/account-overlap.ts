/**
 * The seam between two connections of the account stream. While both deliver, the current's messages are
 * passed on and the successor's are held; at the switch, those follow that the current did not deliver. The
 * same message has the same text on both, and may come twice on one: copies are counted.
 */
export class AccountOverlap<T> {
  readonly #passed = new Map<string, number>()
  #held: { readonly text: string; readonly value: T }[] = []

  /** The current delivered, since the successor is open. */
  pass(text: string): void {
    this.#passed.set(text, (this.#passed.get(text) ?? 0) + 1)
  }

  /** The successor delivered. */
  hold(text: string, value: T): void {
    this.#held.push({ text, value })
  }

  /** What the successor delivered and the current did not, in order. */
  missing(): readonly T[] {
    const left = new Map(this.#passed)
    return this.#held.flatMap(({ text, value }) => {
      const copies = left.get(text) ?? 0
      if (copies === 0) return [value]
      left.set(text, copies - 1)
      return []
    })
  }

  clear(): void {
    this.#passed.clear()
    this.#held = []
  }
}
