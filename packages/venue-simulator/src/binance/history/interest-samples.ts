const MINUTE = 60_000
const FIVE_MINUTES = 5 * MINUTE
/** A month of five minutes: how far back the venue tells it. */
const KEPT_MAX = 8640

const PERIOD_MS = {
  '5m': FIVE_MINUTES,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': 60 * MINUTE,
  '2h': 120 * MINUTE,
  '4h': 240 * MINUTE,
  '6h': 360 * MINUTE,
  '12h': 720 * MINUTE,
  '1d': 1440 * MINUTE,
} as const

export type InterestPeriod = keyof typeof PERIOD_MS
export const INTEREST_PERIODS = Object.keys(PERIOD_MS) as readonly InterestPeriod[]

/** What was open at a time, in the base asset, and the mark then. */
export type InterestRow = readonly [time: number, openInterest: string, markPrice: string]

/** Open interest every five minutes. */
export class InterestSamples {
  readonly #rows: InterestRow[] = []

  snapshot(): readonly InterestRow[] {
    return [...this.#rows]
  }

  static restore(rows: readonly InterestRow[]): InterestSamples {
    const samples = new InterestSamples()
    samples.#rows.push(...rows)
    return samples
  }

  /** True when the five minutes of `time` have no sample. */
  isDue(time: number): boolean {
    return (this.#rows.at(-1)?.[0] ?? -1) < startOf(time)
  }

  /** What is open at the first mark of five minutes stands for their beginning. */
  add(time: number, openInterest: string, markPrice: string): void {
    this.#rows.push([startOf(time), openInterest, markPrice])
    if (this.#rows.length > KEPT_MAX + 60) this.#rows.splice(0, 60)
  }

  /** At the beginning of each period, oldest first. */
  every(period: InterestPeriod): readonly InterestRow[] {
    return this.#rows.filter(([time]) => time % PERIOD_MS[period] === 0)
  }
}

const startOf = (time: number): number => time - (time % FIVE_MINUTES)
