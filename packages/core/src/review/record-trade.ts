import type { Fill, TradeClosed, TradeDifference } from '@tapedeck/contracts'
import { dec, toDecimalString, type Dec } from '../decimal/index.ts'

/** The sums of a trade's fills, added up independently of execution's own ledger. */
export type FillSums = {
  readonly fills: number
  /** Received less paid, before fees. */
  readonly cash: string
  readonly fees: string
  /** Bought less sold: 0 once the trade is closed. */
  readonly quantity: string
}

export const NO_FILLS: FillSums = { fills: 0, cash: '0', fees: '0', quantity: '0' }

export const addFill = (sums: FillSums, fill: Fill): FillSums => {
  const signed = fill.side === 'BUY' ? dec(fill.last_quantity) : dec(fill.last_quantity).neg()
  return {
    fills: sums.fills + 1,
    cash: dec(sums.cash)
      .minus(signed.times(dec(fill.last_price)))
      .toString(),
    // What has no value in the quote asset is in neither sum; `other_fees` of the trade names it.
    fees: dec(sums.fees)
      .plus(fill.fee_quote ?? '0')
      .toString(),
    quantity: dec(sums.quantity).plus(signed).toString(),
  }
}

const differs = (name: string, stated: string, computed: Dec): string | null =>
  dec(stated).eq(computed)
    ? null
    : `${name} stated ${stated}, from the fills ${toDecimalString(computed)}`

/**
 * Whether the fills on the tape add up to what the trade says it made, to the last digit. Null when they
 * do; otherwise everything that does not. Funding has no event of its own and is taken as stated.
 */
export const compareClosedTrade = (
  closed: TradeClosed,
  sums: FillSums,
  at: number,
): TradeDifference | null => {
  const gross = dec(sums.cash)
  const net = gross.minus(sums.fees).plus(closed.funding)
  const problems = [
    differs('quantity left', '0', dec(sums.quantity)),
    differs('gross', closed.gross_pnl, gross),
    differs('fees', closed.fees, dec(sums.fees)),
    differs('net', closed.net_pnl, net),
    sums.fills > 0 ? null : 'no fill is on the tape',
  ].filter((problem) => problem !== null)
  if (problems.length === 0) return null
  return {
    account: closed.account,
    venue: closed.venue,
    symbol: closed.symbol,
    trade_id: closed.trade.trade_id,
    at,
    fills: sums.fills,
    stated_net_pnl: closed.net_pnl,
    computed_net_pnl: toDecimalString(net),
    detail: problems.join('; ').slice(0, 600),
  }
}

/** Net of all recorded trades, after one more. */
export const addNet = (cumulative: string, net: string): string =>
  toDecimalString(dec(cumulative).plus(net))
