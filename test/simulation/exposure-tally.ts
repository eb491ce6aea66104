import type { Blame, Exposure } from './protection-watch.ts'

const total = (ms: Exposure['ms']): number => Object.values(ms).reduce((sum, one) => sum + one, 0)

/** The smallest value that at least `share` of them do not exceed. Sorted in place by the caller. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0

const row = (what: string, values: number[]): string => {
  const sorted = values.toSorted((a, b) => a - b)
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => quantile(sorted, share))
  return `| ${what} | ${sorted.length} | ${p50} | ${p99} | ${p999} | ${sorted.at(-1) ?? 0} |`
}

/** How long positions stood without full protection, and who was in the way. */
export class ExposureTally {
  readonly #totals: number[] = []
  readonly #shares = new Map<Blame, number[]>()
  readonly #worst: { readonly seed: number; readonly ours: number }[] = []

  add(seed: number, exposures: readonly Exposure[]): void {
    for (const { ms } of exposures) {
      this.#totals.push(total(ms))
      for (const [blame, value] of Object.entries(ms)) {
        const shares = this.#shares.get(blame as Blame) ?? []
        shares.push(value)
        this.#shares.set(blame as Blame, shares)
      }
    }
    const ours = Math.max(0, ...exposures.map(({ ms }) => ms.ours ?? 0))
    if (ours > 0) this.#worst.push({ seed, ours })
  }

  /** A Markdown table in milliseconds, over the times without protection that had the share at all. */
  table(): string {
    const shares = [...this.#shares].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return [
      '| without full protection | times | p50 | p99 | p99.9 | max |',
      '| --- | ---: | ---: | ---: | ---: | ---: |',
      row('in all', this.#totals),
      ...shares.map(([blame, values]) => row(blame, values)),
    ].join('\n')
  }

  /** Seeds with the largest shares of our own. */
  worst(count: number): string {
    return this.#worst
      .toSorted((a, b) => b.ours - a.ours)
      .slice(0, count)
      .map(({ seed, ours }) => `${seed} (${ours} ms)`)
      .join(', ')
  }
}
