import type { ClosedTrade, EquityPoint } from './closed-trade.ts'

export const DAY = 86_400_000
/** 2024-01-01T00:00:00Z. */
export const START = 1_704_067_200_000

/** A trade of an hour that made `net` after 1 of fees, risking 10. */
export const tradeOf = (
  index: number,
  net: number,
  changes: Partial<ClosedTrade> = {},
): ClosedTrade => ({
  trade_id: `t${index}`,
  symbol: 'BTCUSDT',
  strategy: 'trend_continuation',
  side: net >= 0 ? 'LONG' : 'SHORT',
  grade: 'A',
  exit_reason: net > 0 ? 'TARGET' : 'STOP',
  session: '2024-01-01',
  entered_at: START + index * 7_200_000,
  exited_at: START + index * 7_200_000 + 3_600_000,
  quantity: 1,
  entry_price: 100,
  exit_price: 100 + net + 1,
  fees: 1,
  funding: 0,
  net_pnl: net,
  r: net / 10,
  mae_r: Math.min(0, net / 10) - 0.1,
  mfe_r: Math.max(0, net / 10) + 0.2,
  ...changes,
})

/** One point a day, the first at the start. */
export const dailyCurve = (values: readonly number[]): EquityPoint[] =>
  values.map((equity, day) => ({ at: START + day * DAY, equity }))
