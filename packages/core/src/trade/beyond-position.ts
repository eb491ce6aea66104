import { dec, toDecimalString } from '../decimal/index.ts'
import { isTerminal, type OrderRecord } from '../order/index.ts'
import type { Filled } from './describe-fill.ts'
import type { OtherFee } from './other-fee.ts'
import { openLots, type TradeRecord } from './trade-record.ts'

/** As venues round amounts of money. */
const FEE_PLACES = 8

/** The share of an amount that goes with a part of a fill, and what is left of it: together the amount, to the last digit. */
const share = (amount: string, lots: number, of: number): readonly [string, string] => {
  const part = dec(amount).times(lots).div(of).toDecimalPlaces(FEE_PLACES)
  return [toDecimalString(part), toDecimalString(dec(amount).minus(part))]
}

const shareOther = (
  { asset, amount, value }: OtherFee,
  lots: number,
  of: number,
): readonly [OtherFee, OtherFee] => {
  const amounts = share(amount, lots, of)
  const values = value === null ? ([null, null] as const) : share(value, lots, of)
  return [
    { asset, amount: amounts[0], value: values[0] },
    { asset, amount: amounts[1], value: values[1] },
  ]
}

/** A fill in two, each with its share of the fee. */
const split = (event: Filled, lots: number): readonly [Filled, Filled] => {
  const { otherFee, ...plain } = event
  const beyond = event.lots - lots
  const [fee, feeBeyond] = share(event.fee, lots, event.lots)
  const ours: Filled = { ...plain, lots, fee, leavesLots: event.leavesLots + beyond }
  const fillId = `${event.fillId}-others`
  const others: Filled = { ...plain, fillId, lots: beyond, fee: feeBeyond, ofOthers: true }
  if (otherFee === undefined) return [ours, others]
  const [paid, paidBeyond] = shareOther(otherFee, lots, event.lots)
  return [
    { ...ours, otherFee: paid },
    { ...others, otherFee: paidBeyond },
  ]
}

/** More of an entry of the trade may be told than our books hold. */
const mayBeTold = (trade: TradeRecord, orders: readonly OrderRecord[]): boolean =>
  trade.entryRetryAt != null ||
  orders.some(({ role, status }) => role === 'ENTRY' && !isTerminal(status))

/**
 * An exit's fill, divided into what closes our position and what lies beyond it. Exits only reduce: what one fills
 * beyond our position was held by the venue all the same, so others had added it, and our position is not turned
 * round by it. While an entry's fills may still be told it may have closed those: then all of it is ours.
 * `orders`: all of the trade.
 */
export const divideExit = (
  order: OrderRecord,
  event: Filled,
  trade: TradeRecord | null,
  orders: readonly OrderRecord[],
): readonly Filled[] => {
  if (trade === null || order.tradeId !== trade.tradeId || order.role === 'ENTRY') return [event]
  const open = Math.max(0, openLots(trade))
  if (event.lots <= open || mayBeTold(trade, orders)) return [event]
  return open === 0 ? [{ ...event, ofOthers: true }] : split(event, open)
}
