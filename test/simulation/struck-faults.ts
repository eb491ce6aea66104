type Counts = Readonly<Record<string, number>>

/** In force from the start to the end, and counted once. */
const STANDING = new Set(['clock_offset', 'clock_drift'])

/**
 * How often each kind of fault struck while a trade was under way: between the first approval and the end of the
 * last trade. What struck before or after is no part of a life cycle.
 */
export class StruckFaults {
  readonly #own = new Map<string, number>()
  readonly #venueCounts: () => Counts
  #before: Counts | null = null
  #after: Counts | null = null

  constructor(venueCounts: () => Counts) {
    this.#venueCounts = venueCounts
  }

  begin(): void {
    this.#before ??= this.#all()
  }

  end(): void {
    this.#after ??= this.#all()
  }

  /** One of a kind that is not the venue's own doing. */
  count(kind: string): void {
    this.#own.set(kind, (this.#own.get(kind) ?? 0) + 1)
  }

  struck(): Record<string, number> {
    const before = this.#before ?? {}
    const after = this.#after ?? this.#all()
    const rows = Object.entries(after).map(([kind, count]): [string, number] => [
      kind,
      STANDING.has(kind) ? count : count - (before[kind] ?? 0),
    ])
    return Object.fromEntries(rows.filter(([, count]) => count > 0).toSorted(byKind))
  }

  #all(): Counts {
    return { ...this.#venueCounts(), ...Object.fromEntries(this.#own) }
  }
}

const byKind = ([a]: readonly [string, number], [b]: readonly [string, number]): number =>
  a < b ? -1 : 1
