import type { OrderAnswer, OrderRequest } from '../port/order-request.ts'
import { askVenue } from './ask-venue.ts'
import type { CaseDesk } from './case-desk.ts'
import { noteEnd, noteOpen } from './case-news.ts'
import type { OrderCase } from './order-case.ts'

/** An open order has that id already: ours, from an attempt whose answer was lost on the way. */
const DUPLICATE_ID = '-4116'
/** A conditional order is not canceled while it triggers, which it may do for ever. */
const TRIGGERING = '-4117'

const requestOf = ({ symbol, order }: OrderCase): OrderRequest => ({
  symbol,
  clientOrderId: order.client_order_id,
  side: order.side,
  type: order.type,
  quantity: order.quantity,
  price: order.price,
  stopPrice: order.stop_price,
  reduceOnly: order.reduce_only,
})

const noteAnswer = (desk: CaseDesk, one: OrderCase, answer: OrderAnswer): void => {
  if (answer.accepted) {
    const { at, venueOrderId } = answer
    noteOpen(desk, one, { learned_by: 'answer', at, venueOrderId })
  } else if (answer.code === DUPLICATE_ID || one.phase !== 'sent') {
    // The stream knows the order, or an earlier attempt placed it: what it is now has to be asked.
    if (one.phase === 'sent') one.phase = 'unresolved'
    desk.lookNow(one)
  } else
    noteEnd(one, {
      report: 'rejected',
      filled: null,
      code: answer.code,
      reason: answer.reason,
      may_resend: answer.next === 'retry',
      retry_in_ms: answer.retryInMs ?? null,
      learned_by: 'answer',
      at: desk.time.estimate(),
    })
}

/** Says that nobody knows whether the order is at the venue. */
export const tellUnknown = (desk: CaseDesk, one: OrderCase, reason: string): void =>
  desk.tell(one.symbol, {
    report: 'unknown',
    learned_by: 'answer',
    at: desk.time.estimate(),
    client_order_id: one.id,
    venue_order_id: one.venueOrderId,
    side: one.order.side,
    reason,
  })

/**
 * Sends an order, once. The stream may tell of it before the answer comes, and then an answer that says
 * nothing takes nothing away.
 */
export const sendOrder = async (desk: CaseDesk, one: OrderCase): Promise<void> => {
  if (one.phase !== 'waiting' || desk.stopped) return
  one.phase = 'sent'
  const answer = await askVenue(() => desk.venue.submitOrder(requestOf(one)))
  if (answer.outcome === 'known') noteAnswer(desk, one, answer.value)
  else if (one.phase === 'sent') {
    one.phase = 'unresolved'
    tellUnknown(desk, one, answer.detail)
  }
  desk.settle(one)
}

/**
 * Asks the venue to cancel. That it did says nothing of what had filled before, so only an order that
 * could not fill (conditional, not triggered) is over by the answer alone.
 */
export const cancelOrder = async (desk: CaseDesk, one: OrderCase): Promise<void> => {
  if (one.phase !== 'open' || one.end !== null || desk.stopped) return
  const { symbol, id: clientOrderId, conditional } = one
  one.cancelUnderWay = true
  const answer = await askVenue(() =>
    desk.venue.cancelOrder({ symbol, clientOrderId, conditional }),
  )
  one.cancelUnderWay = false
  if (answer.outcome === 'known') {
    const { value } = answer
    if (!value.canceled && !value.gone)
      desk.log.warn('a cancel was refused', { symbol, clientOrderId, reason: value.reason })
    if (!value.canceled && (value.gone || value.reason.startsWith(TRIGGERING))) {
      one.cancelIsMoot = true
      desk.lookNow(one)
    }
    if (value.canceled && conditional && !one.endExpected)
      noteEnd(one, {
        report: 'canceled',
        filled: null,
        code: null,
        reason: null,
        may_resend: false,
        learned_by: 'answer',
        at: value.at,
      })
  }
  desk.settle(one)
}
