import { mean } from '../statistics/moments.ts'
import { quantileOfSorted } from '../statistics/quantile.ts'
import { impactBySize, impactExponent, type ImpactRow } from './impact-by-size.ts'
import type { MarketObserver } from './market-observer.ts'
import { priceFactsOf, type PriceFacts } from './price-facts.ts'
import { autocorrelation, correlation, followerGain, returnsOver } from './series.ts'

/** Facts of a market with a book and prints. */
export type MarketFacts = PriceFacts & {
  readonly hours: number
  readonly ordersPerSecond: number
  readonly printsPerSecond: number
  /** Autocorrelation of the sides of orders, by lag in orders. */
  readonly signs: Readonly<Record<string, number>>
  /** Autocorrelation of prints a second, by lag. */
  readonly printCounts: Readonly<Record<string, number>>
  readonly spread: {
    /** Share of seconds at one tick, and at more than three. */
    readonly one: number
    readonly wide: number
    /** Ticks. */
    readonly p99: number
    /** Mean of the busiest twentieth of seconds to that of all others. */
    readonly inBursts: number
  }
  /** Median lots at the best price, and in the ten best levels of a side. */
  readonly depth: { readonly best: number; readonly near: number }
  /** Sizes of orders: mean lots, median and 99th percentile in means. */
  readonly sizes: { readonly mean: number; readonly median: number; readonly p99: number }
  /** How long a best price stands, ms. */
  readonly quoteLife: { readonly median: number; readonly mean: number }
  /** Correlation of bought less sold lots with the return of the same stretch. */
  readonly flowAndReturn: Readonly<Record<string, number>>
  /** What somebody earns who goes the way of the last stretch's flow, in mean sizes of a return. */
  readonly flowFollower: Readonly<Record<string, number>>
  readonly impact: readonly ImpactRow[]
  readonly impactExponent: number
}

const BASE_SECONDS = 10
const BUSY = 0.95

const quantile = (values: readonly number[], p: number): number =>
  quantileOfSorted(Float64Array.from(values).toSorted(), p) ?? 0

const autocorrelations = (
  values: readonly number[],
  lags: readonly number[],
  unit: string,
): Record<string, number> =>
  Object.fromEntries(lags.map((lag) => [`${lag}${unit}`, autocorrelation(values, lag)]))

/** Bought less sold lots of each stretch that has a return. */
const flowsOver = (seen: MarketObserver, seconds: number): number[] => {
  const flows: number[] = []
  for (let to = seconds; to < seen.middles.length; to += seconds) {
    let flow = 0
    for (let i = to - seconds + 1; i <= to; i++) flow += seen.imbalances[i]!
    flows.push(flow)
  }
  return flows
}

const spreadFacts = ({ spreads, prints }: MarketObserver): MarketFacts['spread'] => {
  const share = (is: (ticks: number) => boolean): number =>
    spreads.filter(is).length / spreads.length
  const busy = quantile(prints, BUSY)
  const meanWhere = (isBusy: boolean): number =>
    mean(spreads.filter((_, i) => prints[i]! > busy === isBusy)) ?? 0
  return {
    one: share((ticks) => ticks === 1),
    wide: share((ticks) => ticks > 3),
    p99: quantile(spreads, 0.99),
    inBursts: meanWhere(true) / meanWhere(false),
  }
}

/** All facts of what was observed. Lengths that it is too short for are absent. */
export const marketFactsOf = (seen: MarketObserver): MarketFacts => {
  const { middles, orders, prints } = seen
  const lots = orders.map((order) => order.lots)
  const size = mean(lots) ?? 0
  const impact = impactBySize(seen)
  const flows = [1, 10, 60].map((seconds) => {
    const [flow, returns] = [flowsOver(seen, seconds), returnsOver(middles, seconds)]
    return {
      name: seconds === 60 ? '1m' : `${seconds}s`,
      together: correlation(flow, returns),
      follower: followerGain(returns, flow),
    }
  })
  return {
    ...priceFactsOf(middles, 1, BASE_SECONDS),
    hours: middles.length / 3600,
    ordersPerSecond: orders.length / middles.length,
    printsPerSecond: mean(prints) ?? 0,
    signs: autocorrelations(
      orders.map(({ sign }) => sign),
      [1, 10, 50, 200, 1000],
      '',
    ),
    printCounts: autocorrelations(prints, [1, 10, 60, 300, 1800], 's'),
    spread: spreadFacts(seen),
    depth: { best: quantile(seen.bestLots, 0.5), near: quantile(seen.nearLots, 0.5) },
    sizes: { mean: size, median: quantile(lots, 0.5) / size, p99: quantile(lots, 0.99) / size },
    quoteLife: { median: quantile(seen.quoteLives, 0.5), mean: mean(seen.quoteLives) ?? 0 },
    flowAndReturn: Object.fromEntries(flows.map(({ name, together }) => [name, together])),
    flowFollower: Object.fromEntries(flows.map(({ name, follower }) => [name, follower])),
    impact,
    impactExponent: impactExponent(impact, '1s'),
  }
}
