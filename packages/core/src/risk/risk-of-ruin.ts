/**
 * Probability of ever losing `ruinPercent` of equity, risking a fixed `riskPercent` a trade: the
 * gambler's ruin of a walk that gains `payoff` units with probability `winRate` and loses one unit
 * otherwise. x^units, where x is the root in (0, 1) of p·x^(payoff + 1) − x + (1 − p) = 0; 1 without an
 * edge. For display: trades are not independent, and no decision is made from it. Fractions in
 * `winRate`; NaN inputs and impossible ones throw a RangeError.
 */
export const riskOfRuin = (given: {
  readonly winRate: number
  readonly payoff: number
  readonly riskPercent: number
  readonly ruinPercent: number
}): number => {
  const { winRate: p, payoff, riskPercent, ruinPercent } = given
  const valid = p >= 0 && p <= 1 && payoff > 0 && riskPercent > 0 && ruinPercent > 0
  if (!valid)
    throw new RangeError(
      `risk of ruin of ${JSON.stringify(given)}: expected a win rate from 0 to 1 and positive payoff, risk and ruin`,
    )
  if (p * payoff <= 1 - p) return 1
  if (p === 1) return 0
  const excess = (x: number): number => p * x ** (payoff + 1) - x + (1 - p)
  // The polynomial falls to its minimum and rises to 0 at 1: the root lies before the minimum.
  let low = 0
  let high = (1 / (p * (payoff + 1))) ** (1 / payoff)
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (excess(middle) > 0) low = middle
    else high = middle
  }
  return low ** (ruinPercent / riskPercent)
}
