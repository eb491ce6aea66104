import type { Fill } from '@tapedeck/contracts'
import { stepsToDecimal } from '../market/index.ts'
import type { VenueEvent } from '../matching/index.ts'
import type { InstrumentGrid, OrderRecord } from '../order/index.ts'
import type { OtherFee } from './other-fee.ts'

/**
 * A fill as the desk follows it. `fee` is in the quote asset: 0 where it was paid in another, as `otherFee`.
 * `ofOthers`: an order of ours closed what others had added. It is told with the order, and in no books of ours.
 */
export type Filled = Extract<VenueEvent, { kind: 'filled' }> & {
  readonly otherFee?: OtherFee
  readonly ofOthers?: true
}

/** Adverse distance from what was expected, percent; negative when it was better. */
const slippagePercent = (side: 'BUY' | 'SELL', ticks: number, expected: number): number =>
  ((side === 'BUY' ? ticks - expected : expected - ticks) / expected) * 100

/** A fill as the ledger and the tape carry it. `expected`: ticks; null where nothing was expected. */
export const describeFill = (
  order: OrderRecord,
  event: Filled,
  expected: number | null,
  { tick, lot, quoteAsset }: InstrumentGrid,
): Fill => ({
  fill_id: event.fillId,
  client_order_id: order.clientOrderId,
  trade_id: event.ofOthers === true ? `${order.tradeId}-others` : order.tradeId,
  side: order.side,
  last_quantity: stepsToDecimal(event.lots, lot),
  last_price: stepsToDecimal(event.priceTicks, tick),
  fee: event.otherFee?.amount ?? event.fee,
  fee_asset: event.otherFee?.asset ?? quoteAsset,
  fee_quote: event.otherFee === undefined ? event.fee : event.otherFee.value,
  liquidity: event.liquidity,
  expected_price: expected === null ? null : stepsToDecimal(expected, tick),
  slippage_percent:
    expected === null ? null : slippagePercent(order.side, event.priceTicks, expected),
  at: event.at,
})
