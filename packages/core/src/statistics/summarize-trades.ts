import type { ClosedTrade } from './closed-trade.ts'
import { mean, sumOf } from './moments.ts'
import { distributionOf, inOrder, quantileOfSorted, type Distribution } from './quantile.ts'

/**
 * What a set of trades made. A trade won when its net is above 0, lost when below; exactly 0 is neither but
 * counts in `win_rate`'s base. Money in the quote asset, net of fees and with funding.
 */
export type TradeSummary = {
  readonly trades: number
  readonly wins: number
  readonly losses: number
  readonly net_profit: number
  /** Sum of winning nets, and of losing ones (0 or less). */
  readonly gross_profit: number
  readonly gross_loss: number
  readonly win_rate: number | null
  /** Gross profit over gross loss; null without a loss. */
  readonly profit_factor: number | null
  /** Mean win over mean loss, as a positive number; null without both. */
  readonly payoff: number | null
  /** Mean net of a trade: in money, and in R over those trades whose risk is known. */
  readonly expectancy: number | null
  readonly expectancy_r: number | null
  readonly known_r: number
  readonly largest_win: number | null
  readonly largest_loss: number | null
  readonly longest_losing_streak: number
  readonly longest_winning_streak: number
  readonly mean_duration_ms: number | null
  readonly median_duration_ms: number | null
  readonly fees: number
  /** Above 0: received. */
  readonly funding: number
  /**
   * Fees, and funding paid, as shares of what trades that were right before costs made; null when none was.
   * A fee share of 1 means that the venue earned all of it.
   */
  readonly fee_share: number | null
  readonly funding_share: number | null
}

/** Order in which results became known: by exit, then entry, then id. */
export const inExitOrder = (trades: readonly ClosedTrade[]): ClosedTrade[] =>
  trades.toSorted(
    (a, b) =>
      a.exited_at - b.exited_at ||
      a.entered_at - b.entered_at ||
      (a.trade_id < b.trade_id ? -1 : a.trade_id > b.trade_id ? 1 : 0),
  )

/** Longest run of results for which `holds`, in the order given. A break-even ends a run. */
const longestRun = (values: readonly number[], holds: (value: number) => boolean): number => {
  let longest = 0
  let run = 0
  for (const value of values) {
    run = holds(value) ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

const ratio = (value: number, base: number): number | null => (base > 0 ? value / base : null)

const knownR = (trades: readonly ClosedTrade[]): number[] =>
  trades.map(({ r }) => r).filter((r) => r !== null)

export const summarizeTrades = (trades: readonly ClosedTrade[]): TradeSummary => {
  const ordered = inExitOrder(trades)
  const nets = ordered.map(({ net_pnl }) => net_pnl)
  const wins = nets.filter((net) => net > 0)
  const losses = nets.filter((net) => net < 0)
  const durations = ordered.map(({ entered_at, exited_at }) => exited_at - entered_at)
  const fees = sumOf(ordered.map((trade) => trade.fees))
  const funding = sumOf(ordered.map((trade) => trade.funding))
  const beforeCosts = ordered.map((trade) => trade.net_pnl + trade.fees - trade.funding)
  const rightBeforeCosts = sumOf(beforeCosts.filter((gross) => gross > 0))
  const averageWin = mean(wins)
  const averageLoss = mean(losses)
  const rs = knownR(ordered)
  return {
    trades: nets.length,
    wins: wins.length,
    losses: losses.length,
    net_profit: sumOf(nets),
    gross_profit: sumOf(wins),
    gross_loss: sumOf(losses),
    win_rate: ratio(wins.length, nets.length),
    profit_factor: ratio(sumOf(wins), -sumOf(losses)),
    payoff: averageWin === null || averageLoss === null ? null : averageWin / -averageLoss,
    expectancy: mean(nets),
    expectancy_r: mean(rs),
    known_r: rs.length,
    largest_win: wins.length === 0 ? null : wins.reduce((most, net) => Math.max(most, net)),
    largest_loss: losses.length === 0 ? null : losses.reduce((most, net) => Math.min(most, net)),
    longest_losing_streak: longestRun(nets, (net) => net < 0),
    longest_winning_streak: longestRun(nets, (net) => net > 0),
    mean_duration_ms: mean(durations),
    median_duration_ms: quantileOfSorted(inOrder(durations), 0.5),
    fees,
    funding,
    fee_share: ratio(fees, rightBeforeCosts),
    funding_share: ratio(0 - funding, rightBeforeCosts),
  }
}

/** What trades went through while they were open, in R. */
export type Excursions = {
  readonly r: Distribution | null
  readonly mae_r: Distribution | null
  readonly mfe_r: Distribution | null
  /** Share of the best excursion that winners kept, by median; null when unknown. */
  readonly winners_kept: number | null
}

export const excursionsOf = (trades: readonly ClosedTrade[]): Excursions => {
  const kept = trades.flatMap(({ r, mfe_r }) =>
    r !== null && mfe_r !== null && r > 0 && mfe_r > 0 ? [r / mfe_r] : [],
  )
  return {
    r: distributionOf(trades.map(({ r }) => r)),
    mae_r: distributionOf(trades.map(({ mae_r }) => mae_r)),
    mfe_r: distributionOf(trades.map(({ mfe_r }) => mfe_r)),
    winners_kept: quantileOfSorted(inOrder(kept), 0.5),
  }
}

/** What trades are told apart by. */
export const GROUPINGS = ['grade', 'exit_reason', 'session', 'strategy', 'side', 'symbol'] as const
export type Grouping = (typeof GROUPINGS)[number]
export type TradeGroup = TradeSummary & { readonly key: string | null }

/** One summary a value, by rising key; trades without one (no grade) come last, under null. */
export const groupTrades = (trades: readonly ClosedTrade[], by: Grouping): TradeGroup[] => {
  const groups = new Map<string | null, ClosedTrade[]>()
  for (const trade of trades) {
    const group = groups.get(trade[by])
    if (group === undefined) groups.set(trade[by], [trade])
    else group.push(trade)
  }
  return [...groups]
    .toSorted(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1))
    .map(([key, members]) => Object.assign(summarizeTrades(members), { key }))
}
