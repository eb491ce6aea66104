import { median } from './statistics.ts'

/** Something measured several times: the median is what counts, the runs show how much it varies. */
export interface Sample {
  readonly what: string
  readonly median: number
  readonly runs: readonly number[]
}

/** One line of a report: the product against the same work done bare, in the same run. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly ours: Sample
  readonly bare: Sample | null
  /** Ours over bare; null without a baseline. */
  readonly ratio: number | null
  readonly budget: Budget | null
  /** Whether the budget was kept on this machine, in this run; null without one. */
  readonly kept: boolean | null
}

export interface Budget {
  readonly text: string
  readonly isKept: (median: number, ratio: number | null) => boolean
}

export interface BenchmarkResult {
  readonly name: string
  readonly figures: readonly Figure[]
  /** What was checked, and what a reader has to know. */
  readonly notes: readonly string[]
}

export const sampleOf = (what: string, runs: readonly number[]): Sample => ({
  what,
  median: median(runs),
  runs,
})

interface FigureParts {
  readonly name: string
  readonly unit: string
  readonly ours: Sample
  readonly bare?: Sample
  readonly budget?: Budget
}

export const figure = ({ name, unit, ours, bare, budget }: FigureParts): Figure => {
  const ratio = bare === undefined ? null : ours.median / bare.median
  return {
    name,
    unit,
    ours,
    bare: bare ?? null,
    ratio,
    budget: budget ?? null,
    kept: budget === undefined ? null : budget.isKept(ours.median, ratio),
  }
}

/** A median that must not fall below `least`. */
export const atLeast = (least: number, unit: string): Budget => ({
  text: `at least ${least.toLocaleString('en-US')} ${unit}`,
  isKept: (value) => value >= least,
})

/** A median that must not exceed `most`. */
export const atMost = (most: number, unit: string): Budget => ({
  text: `at most ${most.toLocaleString('en-US')} ${unit}`,
  isKept: (value) => value <= most,
})
