import type { OrderRecord } from '../order/index.ts'

type Asked = Pick<OrderRecord, 'status' | 'updatedAt'>
type Taken = Asked & Pick<OrderRecord, 'createdAt' | 'filledLots'>

/** Nobody knows whether it is at the venue: it may be looked for this long before another is sent beside it. */
const UNKNOWN_MS = 500
/** It is on its way and not answered: as long as a stop may take. */
const UNANSWERED_MS = 3_000
/** So many are sent one soon after the other, to be heard before the bound for a stop; each further one waits twice as long. */
const SENT_SOON = 4
const SPACING_MS_MAX = 4_000
/** While the line is lost nothing is answered, however much is sent: more of it would only have to be remembered. */
const UNANSWERED_MAX = 8
/** A market order that was acknowledged and fills no further. */
const HALF_DONE_MS = 3_000
/** What fills at once is told one fill soon after the other. */
const FILLS_APART_MS = 500

export const isUnanswered = ({ status }: Asked): boolean =>
  status === 'SUBMITTED' || status === 'UNKNOWN'

/**
 * Whether another order may be sent beside those that the venue has not answered. All of them only ever reduce,
 * so that one too many closes nothing twice: it is refused, or canceled. Waiting until a lost request cannot
 * arrive any more would leave the position alone for eight seconds and more. With none it may.
 */
export const maySendBeside = (unanswered: readonly Asked[], now: number): boolean => {
  if (unanswered.length === 0) return true
  if (unanswered.length >= UNANSWERED_MAX) return false
  const isSilent = ({ status, updatedAt }: Asked): boolean =>
    now - updatedAt >= (status === 'UNKNOWN' ? UNKNOWN_MS : UNANSWERED_MS)
  const newest = Math.max(...unanswered.map(({ updatedAt }) => updatedAt))
  const slower = Math.max(0, unanswered.length - SENT_SOON)
  const spacing = Math.min(SPACING_MS_MAX, UNKNOWN_MS * 2 ** slower)
  return unanswered.every(isSilent) && now - newest >= spacing
}

/**
 * True for a market order that the venue took and leaves half done: nothing is to be expected of it. A part of it
 * fills at once, with the rest or without, however late that is told: its time runs from when it was sent.
 */
export const isHalfDone = (order: Taken, now: number): boolean => {
  if (isUnanswered(order)) return false
  const quietMs = now - order.updatedAt
  const isLate = order.filledLots > 0 && now - order.createdAt >= HALF_DONE_MS
  return quietMs >= (isLate ? FILLS_APART_MS : HALF_DONE_MS)
}
