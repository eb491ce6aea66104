import { ZERO, dec, sum, toDecimalString, type Dec } from '@tapedeck/core'

const WINDOW_MS = 60_000
const KEPT_MAX = 600
const DECIMALS = 8

export type SavedMarks = readonly (readonly [time: number, price: string])[]

/** The moving average of the mark: `ap`. The venue does not say over what; here it is a minute. */
export class MarkAverage {
  #marks: { readonly time: number; readonly price: Dec }[] = []
  #sum: Dec = ZERO

  push(price: string, time: number): void {
    const mark = { time, price: dec(price) }
    this.#marks.push(mark)
    this.#sum = this.#sum.plus(mark.price)
    let gone = 0
    while (
      this.#marks.length - gone > KEPT_MAX ||
      (this.#marks[gone]!.time <= time - WINDOW_MS && gone < this.#marks.length - 1)
    )
      this.#sum = this.#sum.minus(this.#marks[gone++]!.price)
    if (gone > 0) this.#marks = this.#marks.slice(gone)
  }

  snapshot(): SavedMarks {
    return this.#marks.map(({ time, price }) => [time, price.toString()] as const)
  }

  restore(saved: SavedMarks): void {
    this.#marks = saved.map(([time, price]) => ({ time, price: dec(price) }))
    this.#sum = sum(saved.map(([, price]) => price))
  }

  get text(): string {
    const count = this.#marks.length
    return count === 0 ? '0' : toDecimalString(this.#sum.div(count).toDecimalPlaces(DECIMALS))
  }
}
