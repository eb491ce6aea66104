import type { VenueReported } from '@tapedeck/contracts'
import type { LateFill } from './late-fill.ts'

const REASON_LENGTH_MAX = 400

/** What is left of a fill of which a part was booked; its fee was booked with that part. */
export const restOf = ({ otherFee: _paid, ...fill }: LateFill, lots: number): LateFill => ({
  ...fill,
  lots,
  fee: '0',
  fillId: `${fill.fillId}-rest`,
})

/** Code and words of a report, as an order's reason. */
export const wordsOf = ({ code, reason }: VenueReported): string =>
  [code, reason]
    .filter((part) => part !== null && part !== '')
    .join(' ')
    .slice(0, REASON_LENGTH_MAX) || 'no reason given'

/** A refusal of what has filled in part is an end of the rest: the table of statuses knows no other. */
export const endStatus = (
  kind: 'canceled' | 'expired' | 'rejected',
  filled: boolean,
  expires: boolean,
) => {
  if (kind === 'canceled') return expires ? 'EXPIRED' : 'CANCELED'
  return kind === 'rejected' && !filled ? 'REJECTED' : 'EXPIRED'
}
