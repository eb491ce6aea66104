import type { Fill, TradeClosed } from '@tapedeck/contracts'
import { dec } from '../decimal/index.ts'

const LESSONS_MAX = 10
/** Slippage from which a fill is worth a remark, percent. */
const SLIPPAGE_REMARKABLE = 0.05

type Rule = {
  readonly holds: (closed: TradeClosed, fills: readonly Fill[]) => boolean
  readonly lesson: (closed: TradeClosed) => string
}

const worstSlippage = (fills: readonly Fill[]): number =>
  Math.max(0, ...fills.map(({ slippage_percent: value }) => value ?? 0))

/** What the numbers of a closed trade say about how it was carried out. One row a remark. */
const RULES: readonly Rule[] = [
  {
    holds: ({ exit_reason: reason }) => reason === 'UNPROTECTED',
    lesson: () => 'The position had no acknowledged stop within the bound; look at the stop order.',
  },
  {
    holds: ({ exit_reason: reason }) => reason === 'RECONCILED',
    lesson: () => 'The books were closed by reconciliation; the result is an estimate.',
  },
  {
    holds: (closed) => closed.exit_reason === 'STOP' && closed.max_favorable_r >= 0.5,
    lesson: ({ max_favorable_r: best }) =>
      `It had been ${best.toFixed(2)}R ahead and still took the full stop.`,
  },
  {
    holds: (closed) => closed.exit_reason === 'STOP' && closed.max_favorable_r < 0.1,
    lesson: () => 'It never moved in the intended direction: the timing or the level was wrong.',
  },
  {
    holds: (closed) => closed.exit_reason === 'BREAK_EVEN' && dec(closed.net_pnl).lt(0),
    lesson: () => 'The break-even stop did not cover the fees of both sides.',
  },
  {
    holds: (closed) =>
      closed.exit_reason !== 'TARGET' &&
      closed.max_favorable_r >= 1 &&
      closed.r_multiple < closed.max_favorable_r / 2,
    lesson: ({ max_favorable_r: best, r_multiple: kept }) =>
      `Of ${best.toFixed(2)}R on offer ${kept.toFixed(2)}R was kept.`,
  },
  {
    holds: (closed) => closed.r_multiple > 0 && closed.max_adverse_r >= 0.8,
    lesson: ({ max_adverse_r: worst }) =>
      `The winner was ${worst.toFixed(2)}R under water first: the stop was nearly hit.`,
  },
  {
    holds: (closed) => dec(closed.gross_pnl).gt(0) && dec(closed.fees).gte(dec(closed.gross_pnl)),
    lesson: () => 'Fees took all of the gross profit.',
  },
  {
    holds: ({ trade }) => dec(trade.quantity).lt(trade.planned_quantity),
    lesson: ({ trade }) =>
      `Only ${trade.quantity} of ${trade.planned_quantity} filled before the entry ran out.`,
  },
  {
    holds: (_, fills) => worstSlippage(fills) >= SLIPPAGE_REMARKABLE,
    lesson: () => 'A fill slipped by 0.05 % or more.',
  },
]

/** The remarks that hold, in a fixed order; at least one. */
export const lessonsOf = (closed: TradeClosed, fills: readonly Fill[]): string[] => {
  const lessons = RULES.filter(({ holds }) => holds(closed, fills)).map(({ lesson }) =>
    lesson(closed),
  )
  return lessons.length === 0
    ? ['Carried out as planned; the result is the market’s.']
    : lessons.slice(0, LESSONS_MAX)
}
