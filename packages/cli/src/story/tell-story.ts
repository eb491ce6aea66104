import { type Message, isType } from '@tapedeck/contracts'
import {
  type Terminal,
  figure,
  money,
  paint,
  printLine,
  utc,
  utcMillis,
} from '../terminal/index.ts'
import type { Chain, RecordedEvent } from './find-chain.ts'
import { type Say, tellSetupEvent, tellSetupOutcome } from './tell-setup-event.ts'

type Of<T extends Message['type']> = Extract<Message, { type: T }>
type OrderMessage = Of<Extract<Message['type'], `execution.order.${string}`>>
type TradeMessage = Exclude<
  Of<Extract<Message['type'], `execution.trade.${string}`>>,
  { type: 'execution.trade.closed' }
>

const isOrder = (message: Message): message is OrderMessage & RecordedEvent =>
  message.type.startsWith('execution.order.')
const isTradeChange = (message: Message): message is TradeMessage & RecordedEvent =>
  message.type.startsWith('execution.trade.') && message.type !== 'execution.trade.closed'

const figures = (numbers: Readonly<Record<string, number | string | boolean | null>>): string =>
  Object.entries(numbers)
    .map(([name, value]) => `${name} ${figure(value)}`)
    .join(', ')

const way = (side: string): string => (side === 'BUY' ? 'long' : 'short')
const mark = (passed: boolean | null): string => (passed === null ? '·' : passed ? '✓' : '✗')

const tellSetup = ({ payload }: Of<'setup.evaluated'>, say: Say): void => {
  const { strategy, side, grade, score, price, poi, boxes, reasons } = payload
  say(
    `Setup ${payload.setup_id}: ${strategy} ${way(side)} at ${price}, grade ${grade}, ${score} of 5 boxes`,
  )
  for (const { box, checked, note, numbers } of boxes) {
    say(`${mark(checked)} ${box.padEnd(13)} ${note}`, 1)
    if (Object.keys(numbers).length > 0) say(figures(numbers), 3)
  }
  if (poi !== null) say(`point of interest ${poi}`, 1)
  if (reasons.length > 0) say(`Not signalled: ${reasons.join(', ')}`, 1)
}

const tellSignal = ({ payload }: Of<'setup.signal.generated'>, say: Say): void => {
  say(
    `Signal ${payload.signal_id}: ${way(payload.side)}, entry ${payload.entry_price}, stop ${payload.stop_price_abs} (${payload.stop_basis}), target ${payload.target_price_abs}`,
  )
  if (payload.setup_event_id !== null) say(`from setup event ${payload.setup_event_id}`, 1)
  if (payload.tainted)
    say('Measured across a hole in the data, so it counts as grade C at most.', 1)
}

const tellDecision = (
  { payload, type }: Of<'risk.signal.approved' | 'risk.signal.denied'>,
  say: Say,
): void => {
  const denied =
    type === 'risk.signal.denied' && 'reasons' in payload
      ? `denied: ${payload.reasons.join(', ')}`
      : 'approved'
  say(`Decision ${payload.decision_id}: ${denied}`)
  for (const check of payload.checks) {
    say(
      `${mark(check.passed)} ${check.check}: ${check.detail}${check.reason === null ? '' : ` [${check.reason}]`}`,
      1,
    )
    if (Object.keys(check.numbers).length > 0) say(figures(check.numbers), 3)
  }
  say('calculation', 1)
  for (const line of payload.calculation.split('\n')) say(line, 2)
  if (!('order' in payload)) return
  const { order } = payload
  say(
    `order ${order.side} ${order.quantity} at ${order.entry_price}, risking ${order.risk_amount}, notional ${order.notional}, valid to ${utc(order.expires_at)}`,
    1,
  )
}

const priceOf = ({ price, stop_price }: OrderMessage['payload']['order']): string =>
  stop_price !== null ? `at stop ${stop_price}` : price !== null ? `at ${price}` : 'at market'

const tellOrder = ({ payload: { order, fill } }: OrderMessage, say: Say): void => {
  const { role, side, type, quantity, status, reason, client_order_id: id } = order
  say(
    `Order ${id} (${role} ${side} ${type} ${quantity} ${priceOf(order)}): ${status}${reason === null ? '' : `, ${reason}`}`,
  )
  if (fill === null) return
  const slippage =
    fill.slippage_percent === null ? '' : `, slippage ${figure(fill.slippage_percent)} %`
  say(
    `filled ${fill.last_quantity} at ${fill.last_price}, fee ${fill.fee} ${fill.fee_asset} as ${fill.liquidity.toLowerCase()}${slippage}`,
    1,
  )
}

const tellTrade = ({ type, payload: { trade, reason } }: TradeMessage, say: Say): void => {
  const what = type.slice('execution.trade.'.length).replaceAll('_', ' ')
  const entry = trade.entry_price === null ? '' : `, entry ${trade.entry_price}`
  say(
    `Trade ${trade.trade_id} ${what}: ${way(trade.side)} ${trade.quantity}${entry}, stop ${trade.stop_price}, target ${trade.target_price}${reason === '' ? '' : ` (${reason})`}`,
  )
}

const tellClose = ({ payload }: Of<'execution.trade.closed'>, say: Say): void => {
  say(
    `Trade ${payload.trade.trade_id} closed at ${payload.exit_price} by ${payload.exit_reason}: net ${money(payload.net_pnl)}, ${payload.r_multiple.toFixed(2)} R`,
  )
  say(
    `gross ${payload.gross_pnl}, fees ${payload.fees}, funding ${payload.funding}; worst ${payload.max_adverse_r.toFixed(2)} R, best ${payload.max_favorable_r.toFixed(2)} R`,
    1,
  )
}

const tellReview = ({ payload }: Of<'analyst.review.written'>, say: Say): void => {
  say(`Review ${payload.review_id}: ${payload.summary}`)
  for (const part of [payload.entry_analysis, payload.exit_analysis, payload.order_flow_notes])
    if (part !== '') say(part, 1)
  for (const lesson of payload.lessons) say(`- ${lesson}`, 1)
}

const tellPosition = ({ payload }: Of<'execution.position.changed'>, say: Say): void => {
  const { side, quantity, symbol, average_price: average, protected: isProtected } = payload
  const open = `${side.toLowerCase()} ${quantity} ${symbol} at ${average ?? 'unknown'}, ${isProtected ? 'protected' : 'NOT protected'}`
  say(
    `Position ${side === 'FLAT' ? `flat in ${symbol}` : open}, realized ${money(payload.realized_pnl)}`,
  )
}

const tellAccount = ({ payload }: Of<'execution.account.updated'>, say: Say): void => {
  const {
    equity,
    wallet_balance: balance,
    open_positions: open,
    pending_entries: pending,
  } = payload
  say(
    `Account ${payload.account}: equity ${equity}, balance ${balance}, ${open} open, ${pending} pending`,
  )
}

const tellSession = ({ payload }: Of<'risk.session.updated'>, say: Say): void => {
  const { status, reason, trades, wins, losses, realized_pnl: realized } = payload
  const why = reason === null ? '' : ` (${reason})`
  say(
    `Session ${payload.session_id} ${status}${why}: ${trades} trades, ${wins} won, ${losses} lost, realized ${money(realized)}`,
  )
}

const tellRest = ({ type, payload }: Message, say: Say): void => {
  const flat = Object.entries(payload as Record<string, unknown>).filter(
    (entry): entry is [string, string | number | boolean | null] =>
      typeof entry[1] !== 'object' || entry[1] === null,
  )
  say(`${type}: ${figures(Object.fromEntries(flat))}`)
}

const tellEvent = (event: RecordedEvent, say: Say): void => {
  if (isType(event, 'setup.evaluated')) tellSetup(event, say)
  else if (isType(event, 'setup.signal.generated')) tellSignal(event, say)
  else if (isType(event, 'setup.event.recorded')) tellSetupEvent(event, say)
  else if (isType(event, 'reconciler.setup_outcome.decided')) tellSetupOutcome(event, say)
  else if (isType(event, 'risk.signal.approved') || isType(event, 'risk.signal.denied'))
    tellDecision(event, say)
  else if (isOrder(event)) tellOrder(event, say)
  else if (isTradeChange(event)) tellTrade(event, say)
  else if (isType(event, 'execution.trade.closed')) tellClose(event, say)
  else if (isType(event, 'analyst.review.written')) tellReview(event, say)
  else if (isType(event, 'journal.trade.recorded'))
    say(
      `Recorded: ${event.payload.fills} fills agree, net ${money(event.payload.net_pnl)}, ${money(event.payload.cumulative_pnl)} since the run began`,
    )
  else if (isType(event, 'execution.position.changed')) tellPosition(event, say)
  else if (isType(event, 'execution.account.updated')) tellAccount(event, say)
  else if (isType(event, 'risk.session.updated')) tellSession(event, say)
  else tellRest(event, say)
}

/** The chain as a story: what was seen, decided and done, each with its time and its numbers. */
export const tellStory = (terminal: Terminal, { events, from }: Chain): void => {
  const { out } = terminal
  const first = events[0]!
  printLine(terminal, `${utc(first.occurred_at).slice(0, 10)} · run ${first.run_id} · from ${from}`)
  for (const event of events) {
    const time = `${utcMillis(event.occurred_at)}  `
    tellEvent(event, (text, depth = 0) => {
      if (depth === 0)
        printLine(terminal, `\n${paint(out, 'dim', time)}${paint(out, 'bold', text)}`)
      else printLine(terminal, `${' '.repeat(time.length + 2 * (depth - 1))}${text}`)
    })
  }
}
