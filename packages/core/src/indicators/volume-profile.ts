import type { Json } from '../decider.ts'
import { valueArea, type ProfileBin, type ValueArea } from './value-area.ts'

type Row = { readonly bin: number; lots: number }

/** Traded volume by price bin over some period. Bins are numbered floor(ticks / bin width). */
export class VolumeProfile {
  readonly #byBin = new Map<number, Row>()
  /** By rising bin: a bin that is new is rare, a look at all of them is not. */
  #rows: Row[] = []

  get isEmpty(): boolean {
    return this.#rows.length === 0
  }

  add(bin: number, lots: number): void {
    if (lots <= 0) return
    const row = this.#byBin.get(bin)
    if (row === undefined) this.#insert({ bin, lots })
    else row.lots += lots
  }

  #insert(row: Row): void {
    this.#byBin.set(row.bin, row)
    let at = this.#rows.length
    while (at > 0 && this.#rows[at - 1]!.bin > row.bin) at--
    this.#rows.splice(at, 0, row)
  }

  /** What traded, by rising bin. It goes on with the profile: copy what is kept. */
  bins(): readonly ProfileBin[] {
    return this.#rows
  }

  valueArea(fraction: number): ValueArea | null {
    return valueArea(this.#rows, fraction)
  }

  clear(): void {
    this.#byBin.clear()
    this.#rows = []
  }

  copy(): VolumeProfile {
    const copy = new VolumeProfile()
    for (const { bin, lots } of this.#rows) copy.add(bin, lots)
    return copy
  }

  snapshot(): Json {
    return { bins: this.#rows.map(({ bin }) => bin), lots: this.#rows.map(({ lots }) => lots) }
  }

  restore(json: Json): void {
    const saved = json as { bins: number[]; lots: number[] }
    this.clear()
    for (const [i, bin] of saved.bins.entries()) this.#insert({ bin, lots: saved.lots[i]! })
  }
}
