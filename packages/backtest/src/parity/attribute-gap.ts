import { type Dec, ZERO, dec, toDecimalString } from '@tapedeck/core'
import type { Match } from './match-signals.ts'
import { outcomeOf, quantityOf, valueOf } from './outcome-of.ts'
import { type Outcome, PARTS, type Part, type Parts } from './parity-report.ts'
import type { Fill, SignalFacts, TradeFacts } from './session-facts.ts'

/** A gap in parts that add up to it, with the reasons in words. */
export type Attribution = {
  readonly recorded: Outcome
  readonly backtest: Outcome
  readonly gap: Dec
  readonly parts: Readonly<Record<Part, Dec>>
  readonly reasons: readonly string[]
}

/** Whether the prints of a symbol differ between two times. */
export type DataDiffers = (symbol: string, from: number, to: number) => boolean

const noParts = (): Record<Part, Dec> =>
  Object.fromEntries(PARTS.map((part) => [part, ZERO])) as Record<Part, Dec>

export const partsText = (parts: Readonly<Record<Part, Dec>>): Parts =>
  Object.fromEntries(PARTS.map((part) => [part, toDecimalString(parts[part])])) as Parts

const netOf = ({ net_pnl }: Outcome): Dec => (net_pnl === null ? ZERO : dec(net_pnl))

/** Fields of the order as it was approved, and of the plan, that make it another order. */
const PLANNED = [
  'side',
  'planned_quantity',
  'planned_entry_price',
  'initial_stop_price',
  'target_price',
] as const

const planDifferences = (a: TradeFacts, b: TradeFacts): string[] =>
  PLANNED.filter((field) => a.trade[field] !== b.trade[field]).map(
    (field) => `${field} ${a.trade[field]}, backtest ${b.trade[field]}`,
  )

const timesOf = (fills: readonly Fill[]): string => fills.map(({ at }) => at).join(',')

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23)

const fillsText = (fills: readonly Fill[]): string =>
  fills
    .map(({ last_quantity, last_price, at }) => `${last_quantity} at ${last_price} ${clock(at)}`)
    .join(', ')

const legText = (leg: string, a: readonly Fill[], b: readonly Fill[]): string =>
  `${leg}: ${fillsText(a)}; backtest: ${fillsText(b)}`

/** Both sides closed it: fees and funding as they are, the rest by what made the prices differ. */
const closedByBoth = (
  [recorded, backtest]: readonly [SignalFacts, SignalFacts],
  gap: Dec,
  dataDiffers: DataDiffers,
): { parts: Record<Part, Dec>; reasons: string[] } => {
  const [a, b] = [recorded.trade!, backtest.trade!]
  const parts = noParts()
  parts.fee = dec(b.closed!.fees).minus(a.closed!.fees)
  parts.funding = dec(a.closed!.funding).minus(b.closed!.funding)
  const reasons: string[] = []
  if (!parts.fee.isZero()) reasons.push(`fees ${a.closed!.fees}, backtest ${b.closed!.fees}`)
  if (!parts.funding.isZero())
    reasons.push(`funding ${a.closed!.funding}, backtest ${b.closed!.funding}`)
  const rest = gap.minus(parts.fee).minus(parts.funding)
  if (rest.isZero()) return { parts, reasons }
  const { symbol, at } = recorded.signal
  const until = Math.max(a.closed!.closed_at, b.closed!.closed_at)
  const plan = planDifferences(a, b)
  if (dataDiffers(symbol, Math.min(at, backtest.signal.at), until)) {
    parts.data = rest
    reasons.push('the prints differ while the trade was on')
  } else if (plan.length > 0) {
    parts.signal = rest
    reasons.push(...plan)
  } else legs(a, b, rest, parts, reasons)
  return { parts, reasons }
}

const legs = (
  a: TradeFacts,
  b: TradeFacts,
  rest: Dec,
  parts: Record<Part, Dec>,
  reasons: string[],
): void => {
  const add = (part: 'timing' | 'fill', amount: Dec): void => {
    parts[part] = parts[part].plus(amount)
  }
  const entryMoved = timesOf(a.entries) !== timesOf(b.entries)
  const exitMoved =
    timesOf(a.exits) !== timesOf(b.exits) || a.closed!.exit_reason !== b.closed!.exit_reason
  if (a.trade.side !== b.trade.side || quantityOf(a.entries) !== quantityOf(b.entries)) {
    add(entryMoved ? 'timing' : 'fill', rest)
    reasons.push(`filled ${quantityOf(a.entries)}, backtest ${quantityOf(b.entries)}`)
    return
  }
  const sign = a.trade.side === 'BUY' ? -1 : 1
  const entry = valueOf(a.entries).minus(valueOf(b.entries)).times(sign)
  const exit = rest.minus(entry)
  add(entryMoved ? 'timing' : 'fill', entry)
  add(exitMoved ? 'timing' : 'fill', exit)
  if (!entry.isZero()) reasons.push(legText('entry', a.entries, b.entries))
  if (exit.isZero()) return
  const [ours, theirs] = [a.closed!.exit_reason, b.closed!.exit_reason]
  if (ours !== theirs) reasons.push(`closed by ${ours}, backtest by ${theirs}`)
  reasons.push(legText('exit', a.exits, b.exits))
}

/** One side closed it and the other did not: the whole of it by what became of it there. */
const PART_OF: Record<Exclude<Outcome['outcome'], 'closed'>, Part> = {
  no_signal: 'signal',
  denied: 'signal',
  undecided: 'timing',
  not_filled: 'fill',
  open: 'timing',
}

/**
 * Attributes the gap of a trade. `sessionStart`: from when on different data can have made different
 * signals. Amounts are exact and add up to the gap.
 */
export const attributeGap = (
  { recorded: a, backtest: b }: Match,
  sessionStart: number,
  dataDiffers: DataDiffers,
): Attribution => {
  const [recorded, backtest] = [outcomeOf(a), outcomeOf(b)]
  const gap = netOf(recorded).minus(netOf(backtest))
  const made = { recorded, backtest, gap }
  if (recorded.outcome === 'closed' && backtest.outcome === 'closed')
    return { ...made, ...closedByBoth([a!, b!], gap, dataDiffers) }
  const [less, who] =
    recorded.outcome === 'closed' ? [backtest, 'backtest'] : [recorded, 'recorded session']
  const { symbol, at } = (a ?? b)!.signal
  const parts = noParts()
  const reasons = [`${who}: ${less.why}`]
  if (dataDiffers(symbol, sessionStart, at)) {
    parts.data = gap
    reasons.push('the prints differ since the session began')
  } else parts[less.outcome === 'closed' ? 'timing' : PART_OF[less.outcome]] = gap
  return { ...made, parts, reasons }
}
