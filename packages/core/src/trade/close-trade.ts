import type { ExitReason, TradeClosed } from '@tapedeck/contracts'
import { dec, toDecimalString, toNumber, type Dec } from '../decimal/index.ts'
import { averagePrice, type InstrumentGrid } from '../order/index.ts'
import { netPnl, type Position } from '../position/index.ts'
import { excursionsInR, riskTicks } from './stop-rules.ts'
import { toTrade, type TradeRecord } from './trade-record.ts'

/** Ratios on the wire: more digits would be noise of the division. */
const RATIO_PLACES = 8

const ratio = (value: Dec, base: Dec): number =>
  base.isZero() ? 0 : toNumber(value.div(base).toDecimalPlaces(RATIO_PLACES))

/**
 * What a trade made, from its fills, their fees and its funding alone. Fees in other assets count with their value;
 * where none is known, `other_fees` says what is missing. `pnl_percent` is of the equity
 * at the session's start; `r_multiple` is net P&L over the risk taken at entry (filled quantity times
 * the distance to the initial stop).
 */
export const closeTrade = (
  trade: TradeRecord,
  ledger: Position,
  grid: InstrumentGrid,
  account: string,
  sessionStartEquity: Dec,
): TradeClosed => {
  const net = netPnl(ledger)
  const risk = dec(riskTicks(trade)).times(trade.entryLots).times(grid.tickLot)
  const { favorable, adverse } = excursionsInR(trade)
  const closedAt = trade.lastExitAt ?? trade.openedAt ?? 0
  const reason: ExitReason = trade.exitReason ?? 'RECONCILED'
  return {
    account,
    venue: grid.venue,
    symbol: grid.symbol,
    trade: toTrade(trade, grid),
    exit_reason: reason,
    exit_price: averagePrice(trade.exitTickLots, trade.exitLots, grid) ?? '0',
    closed_at: closedAt,
    gross_pnl: toDecimalString(ledger.realizedPnl),
    fees: toDecimalString(ledger.fees),
    other_fees: [...(trade.otherFees ?? [])],
    funding: toDecimalString(ledger.funding),
    net_pnl: toDecimalString(net),
    pnl_percent: ratio(net.times(100), sessionStartEquity),
    r_multiple: ratio(net, risk),
    max_adverse_r: adverse,
    max_favorable_r: favorable,
    duration_ms: Math.max(0, closedAt - (trade.openedAt ?? closedAt)),
  }
}
