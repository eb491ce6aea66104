import type { Dec } from '../decimal/index.ts'
import type { InstrumentGrid, OrderRecord } from '../order/index.ts'
import type { Filled } from './describe-fill.ts'
import type { DeskContext } from './desk-context.ts'
import type { Holdings } from './holdings.ts'
import type { OrderDesk } from './order-desk.ts'
import type { TradeKeeper } from './trade-keeper.ts'
import type { TradeRecord } from './trade-record.ts'

/** What reports are folded with: the desk that they are about. */
export type ReportTools = {
  readonly grid: InstrumentGrid
  readonly orders: OrderDesk
  readonly keeper: () => TradeKeeper | null
  /** Takes a fill into ledger and trade; the order is as it was before. */
  readonly book: (order: OrderRecord, event: Filled) => void
  /** Begins a trade again whose entry filled after it had been given up. */
  readonly reopen: (trade: TradeRecord, reason: string) => void
  readonly fund: (amount: Dec) => void
  /** The price of an asset in the quote asset, as far as anybody has said one. */
  readonly priceOf: (asset: string) => Dec | null
  readonly report: (problem: string) => void
}

/** The tools of one desk. `now`: market time. */
export const reportToolsOf = (
  grid: InstrumentGrid,
  orders: OrderDesk,
  held: Holdings,
  { report, priceOf }: Pick<DeskContext, 'report' | 'priceOf'>,
  now: () => number,
): ReportTools => ({
  grid,
  orders,
  report,
  keeper: () => held.keeper,
  book: (order, event) => held.book(order, event),
  reopen: (trade, reason) => held.reopen(trade, reason, now()),
  fund: (amount) => held.fund(amount),
  priceOf: (asset) => priceOf(asset, grid.quoteAsset),
})
