import type {
  Fill,
  ReviewWritten,
  SetupEvaluated,
  SignalApproved,
  TradeClosed,
} from '@tapedeck/contracts'
import { formatMoney } from '../decimal/index.ts'
import { lessonsOf } from './lessons.ts'

/** Everything that was recorded about a closed trade. Null where the tape did not have it. */
export type ReviewInput = {
  readonly evaluation: SetupEvaluated | null
  readonly approval: SignalApproved | null
  readonly fills: readonly Fill[]
  /** Moves of the stop, in order. */
  readonly stopMoves: readonly {
    readonly at: number
    readonly price: string
    readonly reason: string
  }[]
  /** Why a market exit was asked for, if it was. */
  readonly exitRequest: string | null
  readonly closed: TradeClosed
}

/** Names the texts below. A changed text is a new template, so that old reviews keep their meaning. */
export const REVIEW_TEMPLATE = 'review-1'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const inR = (value: number): string => {
  const text = value.toFixed(2)
  if (Number(text) === 0) return '0.00R'
  return `${value > 0 ? '+' : ''}${text}R`
}
const inFills = (count: number): string => (count === 1 ? '1 fill' : `${count} fills`)
const percent = (value: number): string => `${value.toFixed(3)} %`

const summary = ({ closed }: ReviewInput): string => {
  const { trade } = closed
  const side = trade.side === 'BUY' ? 'Long' : 'Short'
  const name = trade.strategy.replaceAll('_', ' ')
  const made = `${formatMoney(closed.net_pnl)} net, ${inR(closed.r_multiple)}`
  const how = `closed by ${closed.exit_reason} after ${seconds(closed.duration_ms)}`
  return `${side} ${closed.symbol}, ${name}, grade ${trade.grade}: ${made}, ${how}.`
}

const entryAnalysis = ({ closed, approval, evaluation, fills }: ReviewInput): string => {
  const { trade } = closed
  const entries = fills.filter(({ side }) => side === trade.side)
  const lines = [
    `Planned ${trade.planned_quantity} at ${trade.planned_entry_price}, stop ${trade.initial_stop_price}, target ${trade.target_price}.`,
    `Filled ${trade.quantity} at ${trade.entry_price ?? 'no price'} in ${inFills(entries.length)}.`,
  ]
  if (approval !== null && trade.opened_at !== null)
    lines.push(`First fill ${seconds(trade.opened_at - approval.at)} after the decision.`)
  if (approval !== null) lines.push(`Risk at entry ${approval.order.risk_amount}.`)
  if (evaluation === null) lines.push('The evaluation behind it is not on record.')
  else {
    const checked = evaluation.boxes.filter((box) => box.checked).map(({ box }) => box)
    lines.push(`${evaluation.score} of 5 boxes: ${checked.join(', ') || 'none'}.`)
    for (const { box, note } of evaluation.boxes.filter((one) => !one.checked))
      lines.push(`Not checked: ${box}, ${note}.`)
  }
  return lines.join(' ')
}

/** Fees that were paid in other assets, where there were any; what has no value is said. */
const describeOtherFees = ({ other_fees: others }: TradeClosed): string => {
  if (others.length === 0) return ''
  const parts = others.map(({ asset, amount, unvalued }) =>
    unvalued === '0'
      ? `${amount} ${asset}`
      : `${amount} ${asset}, ${unvalued} of it of unknown value`,
  )
  return ` (of which ${parts.join('; ')})`
}

const exitAnalysis = ({ closed, stopMoves, exitRequest, fills }: ReviewInput): string => {
  const { trade } = closed
  const exits = fills.filter(({ side }) => side !== trade.side)
  const slipped = exits.flatMap(({ slippage_percent: value }) => (value === null ? [] : [value]))
  const lines = [
    `Closed at ${closed.exit_price} in ${inFills(exits.length)}: gross ${closed.gross_pnl}, fees ${closed.fees}${describeOtherFees(closed)}, funding ${closed.funding}, net ${closed.net_pnl} (${percent(closed.pnl_percent)} of session equity).`,
    `Best ${inR(closed.max_favorable_r)}, worst ${inR(-closed.max_adverse_r)}, kept ${inR(closed.r_multiple)}.`,
  ]
  if (exitRequest !== null) lines.push(`Exit asked for: ${exitRequest}.`)
  for (const { at, price, reason } of stopMoves)
    lines.push(`Stop to ${price} after ${seconds(at - (trade.opened_at ?? at))} (${reason}).`)
  if (slipped.length > 0) lines.push(`Worst exit slippage ${percent(Math.max(...slipped))}.`)
  return lines.join(' ')
}

const orderFlowNotes = ({ evaluation }: ReviewInput): string => {
  if (evaluation === null) return 'No evaluation of this setup is on record.'
  const shown = evaluation.boxes.map(({ box, checked, note, numbers }) => {
    const values = Object.entries(numbers).map(([name, value]) => `${name} ${value ?? 'unknown'}`)
    const list = values.length === 0 ? '' : ` [${values.join(', ')}]`
    return `${box} ${checked ? 'yes' : 'no'}: ${note}${list}`
  })
  return shown.join('. ')
}

/**
 * The review of a closed trade as a text of what was recorded, nothing else: the same records give the
 * same review, and no sentence says what the numbers do not.
 */
export const writeReview = (input: ReviewInput, at: number): ReviewWritten => {
  const { closed } = input
  return {
    account: closed.account,
    venue: closed.venue,
    symbol: closed.symbol,
    review_id: `review-${closed.trade.trade_id}`.slice(0, 96),
    trade_id: closed.trade.trade_id,
    at,
    author: 'template',
    template: REVIEW_TEMPLATE,
    summary: summary(input).slice(0, 600),
    entry_analysis: entryAnalysis(input).slice(0, 2000),
    exit_analysis: exitAnalysis(input).slice(0, 2000),
    order_flow_notes: orderFlowNotes(input).slice(0, 2000),
    lessons: lessonsOf(closed, input.fills),
  }
}
