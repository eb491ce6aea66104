import { askVenue } from './ask-venue.ts'
import type { CaseDesk } from './case-desk.ts'
import { noteEnd, noteFill, noteFound } from './case-news.ts'
import type { OrderCase } from './order-case.ts'

/** Our time and the venue's may differ by this much, in what is asked for since a time. */
export const OVERLAP_MS = 120_000
/** Looks at an order after which its end is told although fills that the venue counts are not found. */
const LOOKS_FOR_FILLS_MAX = 30
/** Looks that have to agree. */
const ABSENCES_MIN = 2

/** Everything that filled in a symbol since a time; false when the venue does not say. */
export const askFills = async (desk: CaseDesk, symbol: string, since: number): Promise<boolean> => {
  const answer = await askVenue(() => desk.venue.fills(symbol, Math.max(0, since)))
  if (answer.outcome === 'unknown') return false
  const touched = new Set<OrderCase>()
  for (const fill of answer.value) {
    noteFill(desk, fill, 'query', { venueOrderId: null, filledQuantity: null })
    const one = desk.cases.get(fill.clientOrderId)
    if (one !== undefined) touched.add(one)
  }
  for (const one of touched) desk.settle(one)
  return true
}

/** The order is nowhere, and cannot come any more. */
const giveUp = (one: OrderCase, at: number): void => {
  const wasThere = one.phase === 'open'
  noteEnd(one, {
    report: wasThere ? 'canceled' : 'rejected',
    filled: null,
    code: null,
    reason: wasThere ? 'the venue does not know it any more' : 'not at the venue',
    may_resend: !wasThere,
    learned_by: 'query',
    at,
  })
}

/**
 * That an order is not found means nothing while its request may still arrive: a signed request is good
 * for `recvWindow`, by the venue's clock, which alone is asked. `before`: the venue's time before the look.
 */
const noteAbsent = async (desk: CaseDesk, one: OrderCase, before: number | null): Promise<void> => {
  const { recvWindowMs, marginMs } = desk.waits
  if (one.arrivesUntil === null) {
    const now = before ?? (await desk.time.ask())
    if (now !== null) one.arrivesUntil = now + recvWindowMs + marginMs
    return
  }
  if (before === null || before < one.arrivesUntil) return
  one.absences += 1
  if (one.absences < ABSENCES_MIN) return
  // Fills may be remembered longer than the order: they are asked for before it is given up.
  if (one.phase === 'open') {
    const asked = await askFills(desk, one.symbol, one.order.created_at - OVERLAP_MS)
    if (!asked || one.absences < ABSENCES_MIN) return
  }
  giveUp(one, before)
}

const askState = async (desk: CaseDesk, one: OrderCase): Promise<void> => {
  const { arrivesUntil } = one
  const mayCount = arrivesUntil !== null && desk.time.estimate() >= arrivesUntil
  const before = mayCount ? await desk.time.ask() : null
  const answer = await askVenue(() => desk.venue.findOrder(one.symbol, one.id))
  if (answer.outcome === 'unknown' || one.phase === 'over' || one.end !== null) return
  if (answer.value === null) await noteAbsent(desk, one, before)
  else noteFound(desk, one, answer.value)
}

/** Asks what became of an order, and for the fills that the venue counts and nobody has told. */
export const lookAfterOrder = async (desk: CaseDesk, one: OrderCase): Promise<void> => {
  if (one.phase === 'over' || desk.stopped) return
  one.looks += 1
  if (one.end === null) await askState(desk, one)
  if (one.lacksFills && !desk.stopped)
    await askFills(desk, one.symbol, one.order.created_at - OVERLAP_MS)
  if (!one.lacksFills || one.looks < LOOKS_FOR_FILLS_MAX || one.end === null) return
  desk.log.warn('an order ends without all of its fills', { symbol: one.symbol, id: one.id })
  one.forgiveFills()
}
