import type { FarmCounts, TrialRow } from '@tapedeck/backtest'
import { StatusLine, count, counted, duration, figure, type Terminal } from '../terminal/index.ts'

const DRAW_MS = 200
const PLAIN_MS = 5_000

const monotonic = (): number => performance.now()

const pointText = (row: TrialRow): string =>
  Object.entries(row.params)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ')

/** The line that tells how far a search is: done of all, trials a second, time left, best so far. */
export class SearchProgress {
  readonly #line: StatusLine
  readonly #timer: NodeJS.Timeout
  readonly #total: number
  readonly #counts: () => FarmCounts
  readonly #startedAt = performance.now()
  #best: TrialRow | null = null
  #failed = 0
  #first: { readonly at: number; readonly made: number } | null = null

  constructor(terminal: Terminal, total: number, counts: () => FarmCounts) {
    this.#line = new StatusLine({ terminal, now: monotonic, plainIntervalMs: PLAIN_MS })
    this.#total = total
    this.#counts = counts
    this.#timer = setInterval(() => this.#line.show(this.text()), DRAW_MS)
  }

  onTrial(row: TrialRow): void {
    if (row.error !== null) this.#failed += 1
    if (row.score !== null && row.score > (this.#best?.score ?? -Infinity)) this.#best = row
  }

  text(): string {
    const { done, reused } = this.#counts()
    const made = done - reused
    // Workers take a while to start; the rate is of those that came after the first.
    if (made > 0) this.#first ??= { at: performance.now(), made }
    const seconds = (performance.now() - (this.#first?.at ?? 0)) / 1_000
    const perSecond = seconds > 0.5 ? (made - (this.#first?.made ?? 0)) / seconds : 0
    const left = Math.max(0, this.#total - done)
    const parts = [
      `Trials ${count(done)}/${count(Math.max(this.#total, done))}`,
      ...(perSecond > 0
        ? [
            `${perSecond < 10 ? perSecond.toFixed(1) : count(perSecond)}/s`,
            `${duration((left / perSecond) * 1_000)} left`,
          ]
        : []),
      ...(reused > 0 ? [`${count(reused)} from before`] : []),
      ...(this.#failed > 0 ? [`${count(this.#failed)} failed`] : []),
      ...(this.#best === null
        ? []
        : [`best ${figure(this.#best.score)} (${pointText(this.#best)})`]),
    ]
    return parts.join(' · ')
  }

  /** What it took, when it is over. */
  summary(): string {
    const { done, reused } = this.#counts()
    const took = duration(performance.now() - this.#startedAt)
    const before = reused > 0 ? `, ${count(reused)} of them done before` : ''
    return `${counted(done, 'trial')} in ${took}${before}.`
  }

  log(text: string): void {
    this.#line.log(text)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#line.clear()
  }
}
