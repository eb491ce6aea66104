/** One thing that a robust result shows. */
export type VerdictCheck = {
  readonly name: string
  readonly value: number | null
  readonly wanted: string
  readonly passed: boolean
}

export type Verdict = {
  /** `unknown`: too little happened out of sample to say anything. */
  readonly result: 'robust' | 'not_robust' | 'unknown'
  readonly checks: readonly VerdictCheck[]
  /** In words: what failed; what was found when nothing did. */
  readonly reasons: readonly string[]
}

export type VerdictInput = {
  readonly trades: number
  readonly windows: number
  readonly windowsWithoutBest: number
  readonly profitableWindows: number
  readonly netProfit: number
  readonly sharpe: number | null
  readonly deflatedSharpe: number | null
  readonly efficiency: number | null
  readonly stability: number | null
  /** Median over windows of what the optimum's neighbors keep of its score. */
  readonly plateau: number | null
}

/** Fewer say little about any ratio. */
const TRADES_MIN = 30

const above = (
  name: string,
  value: number | null,
  limit: number,
  { orEqual = true }: { orEqual?: boolean } = {},
): VerdictCheck => ({
  name,
  value,
  wanted: `${orEqual ? 'at least' : 'above'} ${limit}`,
  passed: value !== null && (orEqual ? value >= limit : value > limit),
})

/**
 * Says whether a strategy held up out of sample. Sharpe and stability limits: S3 §12.4; efficiency: Pardo
 * (2008); deflated Sharpe: the usual 95 %. Anything not known counts as not shown.
 */
export const verdictOf = (input: VerdictInput): Verdict => {
  const { windows } = input
  const checks: VerdictCheck[] = [
    above('out-of-sample trades', input.trades, TRADES_MIN),
    above('out-of-sample net profit', input.netProfit, 0, { orEqual: false }),
    above('out-of-sample Sharpe ratio', input.sharpe, 0.5, { orEqual: false }),
    above('deflated Sharpe ratio', input.deflatedSharpe, 0.95),
    above('walk-forward efficiency', input.efficiency, 0.5),
    above('parameter stability', input.stability, 0.6, { orEqual: false }),
    above(
      'share of profitable windows',
      windows === 0 ? null : input.profitableWindows / windows,
      0.5,
    ),
    above('score kept by the neighbors of the optimum', input.plateau, 0.5),
    {
      name: 'windows in which no trial could be chosen',
      value: input.windowsWithoutBest,
      wanted: '0',
      passed: input.windowsWithoutBest === 0,
    },
  ]
  const failed = checks.filter(({ passed }) => !passed)
  const tooFew = input.trades < TRADES_MIN
  const told = (tooFew ? checks.slice(0, 1) : failed.length > 0 ? failed : checks).map(
    ({ name, value, wanted }) =>
      `${name}: ${value === null ? 'unknown' : Number(value.toPrecision(4))}, wanted ${wanted}`,
  )
  return {
    result: tooFew ? 'unknown' : failed.length === 0 ? 'robust' : 'not_robust',
    checks,
    reasons: told,
  }
}
