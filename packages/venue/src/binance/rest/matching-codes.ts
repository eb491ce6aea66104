import { row, type CodeRow } from './code-row.ts'

/** 50xx: the matching engine, modifications, price match. */
export const MATCHING_CODES: readonly CodeRow[] = [
  row(-5000, 'refused', 'no such path'),
  row(-5021, 'refused', 'fill-or-kill could not be filled'),
  row(-5022, 'refused', 'post-only would have taken'),
  row(-5024, 'refused', 'modification: symbol does not trade'),
  row(-5025, 'refused', 'modification: limit orders alone'),
  row(-5026, 'refused', 'modification: too many of this order'),
  row(-5027, 'refused', 'modification: nothing to change'),
  row(-5028, 'not_placed', 'time stamp too old at the matching engine', 'resync_clock'),
  row(-5029, 'refused', 'modification: notional below the minimum'),
  row(-5037, 'refused', 'price match not valid'),
  row(-5038, 'refused', 'price match not for this order type'),
  row(-5039, 'refused', 'self-trade prevention not valid'),
  row(-5040, 'refused', 'good-till date not valid'),
  row(-5041, 'refused', 'price match found no depth'),
  row(-5043, 'refused', 'modification: another one is under way'),
  row(-5047, 'refused', 'reduce-only would not reduce'),
]
