import type { VenueOrder } from '@tapedeck/core'
import { askVenue } from './ask-venue.ts'
import type { CaseDesk } from './case-desk.ts'
import { isTriggering, noteOpen, noteTriggering } from './case-news.ts'
import { draftFunding } from './describe-report.ts'
import { OVERLAP_MS, askFills } from './look-after-order.ts'
import type { OrderCase } from './order-case.ts'

const compareCase = (desk: CaseDesk, one: OrderCase, row: VenueOrder | undefined): void => {
  if (one.phase === 'over' || one.end !== null) return
  if (row === undefined) {
    if (one.phase === 'open') desk.lookNow(one)
    return
  }
  const news = {
    learned_by: 'query',
    at: desk.time.estimate(),
    venueOrderId: one.venueOrderId ?? row.venueOrderId,
  } as const
  if (isTriggering(one, row)) noteTriggering(desk, one, news)
  else noteOpen(desk, one, news)
  one.noteCount(row.filledQuantity)
  if (!one.cancelUnderWay && !one.cancelIsMoot) one.cancelAsked = false
  desk.settle(one)
}

/**
 * Orders in hand against the venue's list of open ones: what is missing there is asked about. Finds what
 * a stream lost, without waiting for it. False when the venue does not say.
 */
export const compareOpenOrders = async (
  desk: CaseDesk,
  symbols: readonly string[],
): Promise<boolean> => {
  // Only what was there before the question can be missing in the answer.
  const before = [...desk.cases.values()].filter(
    ({ phase }) => phase === 'open' || phase === 'unresolved',
  )
  const answer = await askVenue(() => desk.venue.openOrders(symbols))
  if (answer.outcome === 'unknown') return false
  const rows = new Map(answer.value.map((row) => [row.clientOrderId, row]))
  for (const one of before) compareCase(desk, one, rows.get(one.id))
  return true
}

/** Payments of funding in a symbol since a time; false when the venue does not say. */
export const askFunding = async (
  desk: CaseDesk,
  symbol: string,
  since: number,
): Promise<boolean> => {
  const answer = await askVenue(() => desk.venue.funding(symbol, Math.max(0, since - OVERLAP_MS)))
  if (answer.outcome === 'unknown') return false
  for (const { amount, at } of answer.value) desk.tell(symbol, draftFunding(amount, at, 'query'))
  return true
}

/**
 * Everything that a stream which was away may have told: fills, orders, funding since then, by symbol.
 * False when some of it is still to be asked.
 */
export const catchUp = async (desk: CaseDesk, since: number): Promise<boolean> => {
  if (!(await compareOpenOrders(desk, desk.symbols))) return false
  for (const symbol of desk.symbols) {
    if (!(await askFills(desk, symbol, since - OVERLAP_MS))) return false
    if (!(await askFunding(desk, symbol, since))) return false
  }
  return true
}
