import type { VenueReported } from '@tapedeck/contracts'
import { dec } from '@tapedeck/core'
import type { AccountEvent, BalanceEvent, OrderEvent } from '../port/account-event.ts'
import type { CaseDesk } from './case-desk.ts'
import { noteEnd, noteFill, noteOpen, noteTriggering } from './case-news.ts'
import { draftFunding } from './describe-report.ts'
import type { OrderCase } from './order-case.ts'

/** Steps that change nothing about what is left to fill. */
const tellStep = (
  desk: CaseDesk,
  one: OrderCase,
  event: OrderEvent,
  report: VenueReported['report'],
): void =>
  desk.tell(one.symbol, {
    report,
    // An order may be amended again and again; it triggers once.
    ...(report === 'amended' ? { mark: `${event.at}|${event.quantity}` } : {}),
    learned_by: 'stream',
    at: event.at,
    client_order_id: one.id,
    venue_order_id: event.venueOrderId,
    side: one.order.side,
    reason: event.reason,
  })

const followStep = (desk: CaseDesk, one: OrderCase, event: OrderEvent): void => {
  const { step, at, venueOrderId, reason } = event
  switch (step) {
    case 'accepted':
      noteOpen(desk, one, { learned_by: 'stream', at, venueOrderId })
      break
    case 'triggering':
      noteTriggering(desk, one, { learned_by: 'stream', at, venueOrderId })
      break
    case 'triggered':
      noteOpen(desk, one, { learned_by: 'stream', at, venueOrderId })
      one.venueOrderId = venueOrderId
      one.endExpected = true
      tellStep(desk, one, event, step)
      break
    case 'amended':
      tellStep(desk, one, event, step)
      break
    case 'filled':
      // The stream may be ahead of the acknowledgement; an order that fills is there.
      noteOpen(desk, one, { learned_by: 'stream', at, venueOrderId })
      one.noteCount(event.filledQuantity)
      break
    case 'canceled':
    case 'expired':
    case 'rejected':
      noteEnd(one, {
        report: step,
        filled: dec(event.filledQuantity),
        code: null,
        reason,
        may_resend: false,
        learned_by: 'stream',
        at,
      })
      break
  }
}

const followOrder = (desk: CaseDesk, event: OrderEvent): void => {
  const { fill, venueOrderId, filledQuantity } = event
  const one = desk.cases.get(event.clientOrderId)
  if (one !== undefined) followStep(desk, one, event)
  if (fill !== null) noteFill(desk, fill, 'stream', { venueOrderId, filledQuantity })
  if (one !== undefined) desk.settle(one)
}

/** How the venue names the cause of a payment of funding. */
const FUNDING = 'FUNDING_FEE'

/** Causes of changes that are told otherwise, or are nothing to us. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  'ORDER',
  'DEPOSIT',
  'WITHDRAW',
  'MARGIN_TRANSFER',
  'MARGIN_TYPE_CHANGE',
  'ADJUSTMENT',
])

const followBalance = (desk: CaseDesk, event: BalanceEvent): void => {
  const isFunding = event.cause === FUNDING
  if (!isFunding || event.change === null || event.symbol === null) {
    // It may be a payment in words that we do not know.
    if (!UNDERSTOOD.has(event.cause)) desk.suspect()
    return
  }
  if (desk.symbols.includes(event.symbol))
    desk.tell(event.symbol, draftFunding(event.change, event.at, 'stream'))
}

/** What the account stream says, as reports. The state of the stream itself is the caller's. */
export const followEvent = (desk: CaseDesk, event: AccountEvent): void => {
  switch (event.kind) {
    case 'order':
      if (desk.symbols.includes(event.symbol)) followOrder(desk, event)
      break
    case 'balance':
      followBalance(desk, event)
      break
    case 'notice':
      desk.log.warn('the venue has a notice for the account', {
        notice: event.notice,
        symbol: event.symbol,
        detail: event.detail,
      })
      break
    case 'unknown':
      desk.doubt()
      break
    case 'stream':
      break
  }
}
