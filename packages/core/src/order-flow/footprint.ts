import type { Side } from '@tapedeck/contracts'
import type { FootprintLevel } from './bin-volumes.ts'

export type FootprintRules = {
  /** Diagonal ratio from which a cell is imbalanced. */
  readonly ratio: number
  /** Imbalances in a row that make a stack. */
  readonly stacked: number
  /** Smallest volume of a cell that counts, in lots. */
  readonly floorLots: number
}

export type Imbalance = { readonly bin: number; readonly side: Side }
export type ImbalanceStack = {
  readonly side: Side
  readonly lowBin: number
  readonly highBin: number
}

export type FootprintReading = {
  readonly imbalances: readonly Imbalance[]
  readonly stacks: readonly ImbalanceStack[]
  /** Both sides traded at the extreme: the auction there was not finished. */
  readonly unfinishedHigh: boolean
  readonly unfinishedLow: boolean
}

/**
 * Diagonal comparison: buyers of a bin lifted offers against sellers who hit bids one bin lower. Nobody on
 * the other side is the strongest imbalance; what keeps noise out is the volume floor. The bins beyond
 * the bar's range were not offered, so the lowest bin has no buy imbalance and the highest no sell one.
 */
const imbalancesOf = (levels: readonly FootprintLevel[], rules: FootprintRules): Imbalance[] => {
  const at = new Map(levels.map((level) => [level.bin, level]))
  const lowest = levels[0]?.bin ?? 0
  const highest = levels.at(-1)?.bin ?? 0
  const counts = (lots: number, against: number): boolean =>
    lots > 0 && lots >= rules.floorLots && lots >= rules.ratio * against
  return levels.flatMap(({ bin, buyLots, sellLots }) => {
    const found: Imbalance[] = []
    if (bin > lowest && counts(buyLots, at.get(bin - 1)?.sellLots ?? 0))
      found.push({ bin, side: 'BUY' })
    if (bin < highest && counts(sellLots, at.get(bin + 1)?.buyLots ?? 0))
      found.push({ bin, side: 'SELL' })
    return found
  })
}

const stacksOf = (
  imbalances: readonly Imbalance[],
  side: Side,
  least: number,
): ImbalanceStack[] => {
  const stacks: ImbalanceStack[] = []
  let run: number[] = []
  const close = (): void => {
    if (run.length >= least) stacks.push({ side, lowBin: run[0]!, highBin: run.at(-1)! })
    run = []
  }
  for (const { bin } of imbalances.filter((imbalance) => imbalance.side === side)) {
    if (run.length > 0 && bin !== run.at(-1)! + 1) close()
    run.push(bin)
  }
  close()
  return stacks
}

const bothSides = (level: FootprintLevel | undefined): boolean =>
  level !== undefined && level.buyLots > 0 && level.sellLots > 0

/** Reads one bar's footprint. `levels` by rising bin. */
export const readFootprint = (
  levels: readonly FootprintLevel[],
  rules: FootprintRules,
): FootprintReading => {
  const imbalances = imbalancesOf(levels, rules)
  return {
    imbalances,
    stacks: [
      ...stacksOf(imbalances, 'BUY', rules.stacked),
      ...stacksOf(imbalances, 'SELL', rules.stacked),
    ],
    unfinishedHigh: bothSides(levels.at(-1)),
    unfinishedLow: bothSides(levels[0]),
  }
}
