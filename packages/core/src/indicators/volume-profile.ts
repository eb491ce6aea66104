import type { Json } from '../decider.ts'
import { valueArea, type ProfileBin, type ValueArea } from './value-area.ts'

/** Traded volume by price bin over some period. Bins are numbered floor(ticks / bin width). */
export class VolumeProfile {
  #lots = new Map<number, number>()

  get isEmpty(): boolean {
    return this.#lots.size === 0
  }

  add(bin: number, lots: number): void {
    if (lots > 0) this.#lots.set(bin, (this.#lots.get(bin) ?? 0) + lots)
  }

  /** What traded, by rising bin. */
  bins(): ProfileBin[] {
    return [...this.#lots].map(([bin, lots]) => ({ bin, lots })).toSorted((a, b) => a.bin - b.bin)
  }

  valueArea(fraction: number): ValueArea | null {
    return valueArea(this.bins(), fraction)
  }

  clear(): void {
    this.#lots.clear()
  }

  copy(): VolumeProfile {
    const copy = new VolumeProfile()
    for (const [bin, lots] of this.#lots) copy.add(bin, lots)
    return copy
  }

  snapshot(): Json {
    const bins = this.bins()
    return { bins: bins.map(({ bin }) => bin), lots: bins.map(({ lots }) => lots) }
  }

  restore(json: Json): void {
    const saved = json as { bins: number[]; lots: number[] }
    this.#lots = new Map(saved.bins.map((bin, i) => [bin, saved.lots[i]!]))
  }
}
