import { shortHash, type Side } from '@tapedeck/contracts'
import { isOwnClientOrderId, type OrderRecord } from '../order/index.ts'
import type { Filled } from './describe-fill.ts'
import type { OtherFee } from './other-fee.ts'
import type { ReportTools } from './report-tools.ts'
import type { TradeKeeper } from './trade-keeper.ts'
import { newTrade, openLots, type TradeRecord } from './trade-record.ts'

/** A fill that no open order of ours waits for, in whole ticks and lots. */
export type LateFill = {
  readonly fillId: string
  readonly clientOrderId: string
  readonly venueOrderId: string
  readonly side: Side | null
  readonly lots: number
  readonly ticks: number
  readonly fee: string
  /** Paid in another asset than the quote's: then `fee` is 0. */
  readonly otherFee?: OtherFee
  readonly liquidity: 'MAKER' | 'TAKER'
  /** When it was, by the venue's clock; null where that was not told. */
  readonly venueAt: number | null
}

/** True for the id of an entry of that trade: ids are made from the trade's (`clientOrderId`). */
const isEntryOf = ({ tradeId }: TradeRecord, id: string): boolean =>
  id.startsWith(`td-${shortHash(tradeId, 20)}-e`)

/** The trade as it was planned, with nothing done of it yet and no entry to come. */
const again = (past: TradeRecord, fill: LateFill, at: number): TradeRecord =>
  newTrade(
    `trade-${shortHash(`late|${fill.fillId}`)}`,
    past.plan,
    {
      lots: fill.lots,
      entryTicks: past.plannedTicks,
      stopTicks: past.initialStopTicks,
      targetTicks: past.targetTicks,
    },
    at,
    'the entry was given up before it filled',
  )

/** Books a fill by an order of our own making, which nobody is to send. */
const bookQuietly = (
  keeper: TradeKeeper,
  role: 'ENTRY' | 'EXIT',
  fill: LateFill,
  lots: number,
  { orders, book }: ReportTools,
  at: number,
  keepsRest = false,
): void => {
  const { trade } = keeper
  const id = keeper.nextId(role)
  const entry = role === 'ENTRY'
  const away: Side = trade.plan.side === 'BUY' ? 'SELL' : 'BUY'
  const order = orders.recordQuietly(
    {
      clientOrderId: id,
      tradeId: trade.tradeId,
      role,
      side: entry ? trade.plan.side : away,
      type: entry ? 'LIMIT' : 'MARKET',
      lots,
      priceTicks: entry ? fill.ticks : null,
      stopTicks: null,
      reduceOnly: !entry,
    },
    { setupId: trade.plan.setup_id, basis: null, expectedTicks: null, keepsRest },
    at,
  )
  const { fillId, venueOrderId, ticks: priceTicks, liquidity, fee, otherFee } = fill
  const event: Filled = {
    kind: 'filled',
    clientOrderId: id,
    venueOrderId,
    at,
    fillId,
    lots,
    priceTicks,
    leavesLots: 0,
    liquidity,
    fee,
    ...(otherFee === undefined ? {} : { otherFee }),
  }
  if (orders.follow(event) !== null) book(order, event)
}

/**
 * Whether a trade goes on with what others left of it. Nothing was decided by us, and the reasons for the trade
 * hold as before; what is too small for an order of its own is not worth holding.
 */
const goesOn = (
  { exitReason }: TradeRecord,
  { clientOrderId: id }: LateFill,
  left: number,
  { minLots }: ReportTools['grid'],
): boolean => exitReason === null && left >= minLots && id !== '' && !isOwnClientOrderId(id)

/** What makes our position smaller is an exit of it, of all or of a part. Returns the lots that were not booked. */
const bookReduction = (
  keeper: TradeKeeper,
  fill: LateFill,
  tools: ReportTools,
  what: string,
  at: number,
): number => {
  // Below nothing: an exit was told before the entry that it closes.
  const lots = Math.min(fill.lots, Math.max(0, openLots(keeper.trade)))
  const left = openLots(keeper.trade) - lots
  if (lots > 0 && goesOn(keeper.trade, fill, left, tools.grid)) {
    tools.report(`${what}: made the position smaller, ${left} lots are left and stay`)
    keeper.cancelEntry('the position was made smaller at the venue')
    bookQuietly(keeper, 'EXIT', fill, lots, tools, at, true)
  } else if (lots > 0) {
    tools.report(`${what}: booked as an exit`)
    keeper.requestExit('RECONCILED', `closed at the venue: ${fill.clientOrderId || 'no id'}`, at)
    bookQuietly(keeper, 'EXIT', fill, lots, tools, at)
  }
  if (lots < fill.lots) tools.report(`${what}: ${fill.lots - lots} lots are left to reconciliation`)
  return fill.lots - lots
}

/**
 * A fill of an order that is over in our books, or that was never ours (liquidation, deleveraging, somebody
 * at the venue's own screen). What reduces our position is an exit of it, after which the trade goes on with what
 * is left; what an entry of ours filled after it was given up is held and protected; the rest is not ours to
 * explain and is left to reconciliation. Returns the lots that were not booked.
 */
export const bookLateFill = (
  fill: LateFill,
  order: OrderRecord | null,
  past: readonly TradeRecord[],
  tools: ReportTools,
  at: number,
): number => {
  const side = fill.side ?? order?.side ?? null
  const what = `fill ${fill.fillId} of ${fill.lots} lots, order ${fill.clientOrderId}`
  const keeper = tools.keeper()
  const mine = keeper !== null && isEntryOf(keeper.trade, fill.clientOrderId) ? keeper.trade : null
  const entryOf = mine ?? past.findLast((trade) => isEntryOf(trade, fill.clientOrderId)) ?? null
  if (keeper !== null && side !== null && side !== keeper.trade.plan.side)
    return bookReduction(keeper, fill, tools, what, at)
  if (entryOf === null || side !== entryOf.plan.side) {
    tools.report(`${what}: no trade of ours, left to reconciliation`)
    return fill.lots
  }
  tools.report(`${what}: came after the entry was given up; held and protected`)
  if (keeper === null) tools.reopen(again(entryOf, fill, at), `${what} came late`)
  const holder = tools.keeper()
  if (holder !== null) bookQuietly(holder, 'ENTRY', fill, fill.lots, tools, at)
  return 0
}
