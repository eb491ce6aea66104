import type { VenueReported } from '@tapedeck/contracts'
import { dec, type VenueFill, type VenueOrder } from '@tapedeck/core'
import type { FoundOrder } from '../port/order-request.ts'
import type { CaseDesk } from './case-desk.ts'
import { draftFill } from './describe-report.ts'
import type { CaseEnd, OrderCase } from './order-case.ts'

type Learned = Pick<VenueReported, 'learned_by' | 'at'> & { readonly venueOrderId: string | null }

/** The venue tells of the order: from now on it is known to be there, or to have been. */
export const noteOpen = (desk: CaseDesk, one: OrderCase, news: Learned): void => {
  one.venueOrderId = news.venueOrderId ?? one.venueOrderId
  one.absences = 0
  if (one.phase === 'open' || one.phase === 'over') return
  one.phase = 'open'
  one.looks = 0
  desk.tell(one.symbol, {
    report: 'accepted',
    learned_by: news.learned_by,
    at: news.at,
    client_order_id: one.id,
    venue_order_id: one.venueOrderId,
    side: one.order.side,
  })
}

/** A conditional order is one no more where it is listed as a market order: that closes all of it now, or is left undone. */
export const isTriggering = (
  one: OrderCase,
  listed: Pick<VenueOrder, 'triggering' | 'conditional'>,
): boolean => listed.triggering === true || (one.conditional && !listed.conditional)

/** Its price was reached: it fills now, or ends, or is stuck, which execution has to know in time. */
export const noteTriggering = (desk: CaseDesk, one: OrderCase, news: Learned): void => {
  noteOpen(desk, one, news)
  one.endExpected = true
  desk.tell(one.symbol, {
    report: 'triggering',
    learned_by: news.learned_by,
    at: news.at,
    client_order_id: one.id,
    venue_order_id: one.venueOrderId,
    side: one.order.side,
  })
}

/** The first end that is told counts; one that names more fills corrects it. */
export const noteEnd = (one: OrderCase, end: CaseEnd): void => {
  if (one.phase === 'over') return
  one.phase = 'open'
  if (end.filled !== null) one.noteCount(end.filled)
  if (one.end === null) {
    one.end = end
    one.looks = 0
  }
}

/**
 * A fill, however it was learned: reported once. Of an order that is not in hand too, because fills of an
 * order that is over, and those of the venue's own orders, count as much.
 */
export const noteFill = (
  desk: CaseDesk,
  fill: VenueFill,
  learnedBy: VenueReported['learned_by'],
  told: { readonly venueOrderId: string | null; readonly filledQuantity: string | null },
): void => {
  const one = desk.cases.get(fill.clientOrderId)
  desk.tell(
    fill.symbol,
    draftFill(fill, learnedBy, told.venueOrderId ?? one?.venueOrderId ?? null, told.filledQuantity),
  )
  if (one === undefined) return
  if (one.phase !== 'over') one.phase = 'open'
  one.absences = 0
  one.venueOrderId = told.venueOrderId ?? one.venueOrderId
  if (one.noteFill(fill.fillId, fill.quantity)) one.looks = 0
  if (told.filledQuantity !== null) one.noteCount(told.filledQuantity)
}

const END_OF = {
  FILLED: 'filled',
  CANCELED: 'canceled',
  EXPIRED: 'expired',
  REJECTED: 'rejected',
} as const

const isEnded = (status: FoundOrder['status']): status is keyof typeof END_OF => status in END_OF

/**
 * The venue lists the order as open, and does not cancel it because it is not: a conditional one that is stuck
 * as it triggers. Execution decides whether to ask again.
 */
const refuseCancel = (desk: CaseDesk, one: OrderCase): void => {
  const at = desk.time.estimate()
  one.cancelWanted = false
  one.cancelAsked = false
  one.cancelIsMoot = false
  desk.tell(one.symbol, {
    report: 'cancel_rejected',
    // Asked again it may be refused again, which is other news.
    mark: String(at),
    learned_by: 'query',
    at,
    client_order_id: one.id,
    venue_order_id: one.venueOrderId,
    side: one.order.side,
    reason: 'the venue lists it as open and does not cancel it',
  })
}

/** An order as the venue remembers it. */
export const noteFound = (desk: CaseDesk, one: OrderCase, found: FoundOrder): void => {
  const { status, filledQuantity, reason, at, venueOrderId } = found
  if (!isEnded(status)) {
    const news = { learned_by: 'query', at, venueOrderId } as const
    if (isTriggering(one, found)) noteTriggering(desk, one, news)
    else noteOpen(desk, one, news)
    one.noteCount(filledQuantity)
    if (one.cancelIsMoot) refuseCancel(desk, one)
    else if (!one.cancelUnderWay) one.cancelAsked = false
    return
  }
  one.absences = 0
  one.venueOrderId = venueOrderId
  noteEnd(one, {
    report: END_OF[status],
    filled: dec(filledQuantity),
    code: null,
    reason,
    may_resend: false,
    learned_by: 'query',
    at,
  })
}
