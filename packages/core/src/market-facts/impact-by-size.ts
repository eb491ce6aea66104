import { mean } from '../statistics/moments.ts'
import type { MarketObserver, SeenOrder } from './market-observer.ts'

/** What orders of a size did to the price: mean ticks of the middle in their direction. */
export type ImpactRow = {
  /** Mean lots of these orders, all between two quantiles of size. */
  readonly lots: number
  readonly orders: number
  readonly after: Readonly<Record<'1s' | '10s' | '60s', number>>
}

/** By size, the largest hundredth alone. */
const QUANTILES: readonly number[] = [0, 0.5, 0.8, 0.95, 0.99, 1]

/** `1s` is the end of the order's own second. */
export const impactBySize = ({ middles, orders }: MarketObserver): ImpactRow[] => {
  const moved = ({ second, sign, middle }: SeenOrder, after: number): number =>
    sign * (middles[second + after]! - middle)
  const sorted = orders
    .filter(({ second, middle }) => middle > 0 && second + 60 < middles.length)
    .toSorted((a, b) => a.lots - b.lots)
  return QUANTILES.slice(1).flatMap((to, i) => {
    const from = Math.floor(QUANTILES[i]! * sorted.length)
    const some = sorted.slice(from, Math.floor(to * sorted.length))
    if (some.length === 0) return []
    const at = (after: number): number => mean(some.map((order) => moved(order, after))) ?? 0
    const lots = mean(some.map((order) => order.lots)) ?? 0
    return [{ lots, orders: some.length, after: { '1s': at(0), '10s': at(10), '60s': at(60) } }]
  })
}

/** Slope of log impact on log size: 1 where impact is linear, 0.5 where it is a square root. */
export const impactExponent = (rows: readonly ImpactRow[], after: '1s' | '10s' | '60s'): number => {
  const usable = rows.filter((row) => row.after[after] > 0)
  const x = usable.map(({ lots }) => Math.log(lots))
  const y = usable.map((row) => Math.log(row.after[after]))
  const [mx, my] = [mean(x) ?? 0, mean(y) ?? 0]
  const spread = x.reduce((sum, one) => sum + (one - mx) ** 2, 0)
  if (spread === 0) return 0
  return x.reduce((sum, one, i) => sum + (one - mx) * (y[i]! - my), 0) / spread
}
