import { hash } from 'node:crypto'

const FIRST_ROWS = 256

/** 48 bits of a statement's SHA-1: two that differ agree once in 281 trillion. */
export const markOf = (text: string): number =>
  Number.parseInt(hash('sha1', text, 'hex').slice(0, 12), 16)

export const textOf = (at: number, what: string, body: unknown): string =>
  `${at} ${what} ${JSON.stringify(body)}`

/** What was said of one thing in a play, in 16 bytes a statement: when, and the mark of what. */
export class StatementLog {
  #at = new Float64Array(FIRST_ROWS)
  #mark = new Float64Array(FIRST_ROWS)
  #count = 0

  get count(): number {
    return this.#count
  }

  add(at: number, mark: number): void {
    if (this.#count === this.#at.length) this.#grow()
    this.#at[this.#count] = at
    this.#mark[this.#count++] = mark
  }

  markAt(index: number): number {
    return this.#mark[index]!
  }

  timeAt(index: number): number {
    return this.#at[index]!
  }

  /** The next statement from `index` on that was so at or before `until`; `count` when there is none. */
  nextUntil(index: number, until: number): number {
    let next = index
    while (next < this.#count && this.#at[next]! > until) next++
    return next
  }

  #grow(): void {
    const [at, mark] = [this.#at, this.#mark]
    this.#at = new Float64Array(at.length * 2)
    this.#at.set(at)
    this.#mark = new Float64Array(mark.length * 2)
    this.#mark.set(mark)
  }
}
