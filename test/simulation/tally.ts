import { ExposureTally } from './exposure-tally.ts'
import type { Exposure } from './protection-watch.ts'

/** What a trial came to, small enough to be sent between threads. */
export type Outcome = {
  readonly seed: number
  readonly problems: readonly string[]
  readonly injected: Readonly<Record<string, number>>
  readonly virtualMs: number
  readonly exposures: readonly Exposure[]
  readonly messages: number
  readonly fills: number
  /** Whether the entry filled. */
  readonly traded: boolean
  readonly lastLines: readonly string[]
}

type Row = { cycles: number; struck: number; survived: number }

/** Outcomes summed up: per kind of fault how often it struck, and what came of the life cycles it struck. */
export class Tally {
  readonly #rows = new Map<string, Row>()
  readonly failures: Outcome[] = []
  cycles = 0
  traded = 0
  fills = 0
  messages = 0
  virtualMs = 0
  undisturbed = 0
  readonly exposures = new ExposureTally()

  add(outcome: Outcome): void {
    const { injected, problems } = outcome
    this.cycles += 1
    this.fills += outcome.fills
    this.messages += outcome.messages
    this.virtualMs += outcome.virtualMs
    if (outcome.traded) this.traded += 1
    if (Object.keys(injected).length === 0) this.undisturbed += 1
    this.exposures.add(outcome.seed, outcome.exposures)
    if (problems.length > 0) this.failures.push(outcome)
    for (const [kind, struck] of Object.entries(injected)) {
      const row = this.#rows.get(kind) ?? { cycles: 0, struck: 0, survived: 0 }
      row.cycles += 1
      row.struck += struck
      if (problems.length === 0) row.survived += 1
      this.#rows.set(kind, row)
    }
  }

  /** A Markdown table, one row a kind. */
  table(): string {
    const lines = [
      '| fault | life cycles struck | times struck | survived |',
      '| --- | ---: | ---: | ---: |',
    ]
    for (const [kind, { cycles, struck, survived }] of [...this.#rows].toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    ))
      lines.push(`| ${kind} | ${cycles} | ${struck} | ${survived} |`)
    return lines.join('\n')
  }

  summary(seconds: number): string {
    const { cycles, traded, fills, messages, undisturbed, failures } = this
    const hours = (this.virtualMs / 3_600_000).toFixed(1)
    return [
      `${cycles} life cycles, ${traded} of them with a position, ${undisturbed} undisturbed: ${fills} fills,`,
      `${messages} messages, ${hours} hours of market time in ${seconds.toFixed(1)} s (${(cycles / seconds).toFixed(1)} a second).`,
      `Largest shares of our own without protection: ${this.exposures.worst(10)}.`,
      `Failed: ${failures.length}.`,
    ].join('\n')
  }
}
