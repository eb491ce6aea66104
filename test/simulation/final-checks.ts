import { isType, type Message, type Order, type TradeClosed } from '@tapedeck/contracts'
import { ZERO, dec, isOwnClientOrderId, type Dec } from '@tapedeck/core'
import type { Exchange } from '@tapedeck/venue-simulator'
import { ACCOUNT } from './execution-host.ts'
import { SYMBOL } from './price-path.ts'

const CENT = dec('0.01')
const STARTED_WITH = dec('10000')

/** What our tape says in the end. */
export type OurBooks = {
  /** Those that were to be sent; what was booked for what others did has no intent. */
  readonly orders: Map<string, Order>
  /** Every fill, as often as it was told. */
  readonly fills: { readonly id: string; readonly quantity: string }[]
  readonly closed: TradeClosed[]
  /** Of funding, by report: a trade that is over does not learn of what was paid on it and told late. */
  readonly funding: Map<string, string>
  readonly position: string
}

export const readOurBooks = (messages: readonly Message[]): OurBooks => {
  const orders = new Map<string, Order>()
  const fills: OurBooks['fills'] = []
  const closed: TradeClosed[] = []
  const funding = new Map<string, string>()
  let position = '0'
  for (const message of messages) {
    if (message.type.startsWith('execution.order.')) {
      const { order, fill } = (message as Message<'execution.order.filled'>).payload
      if (message.type === 'execution.order.submitted' || orders.has(order.client_order_id))
        orders.set(order.client_order_id, order)
      if (fill !== null) fills.push({ id: fill.fill_id, quantity: fill.last_quantity })
    } else if (isType(message, 'execution.venue.reported')) {
      const { report_id: id, amount } = message.payload
      if (amount !== null) funding.set(id, amount)
    } else if (isType(message, 'execution.trade.closed')) closed.push(message.payload)
    else if (isType(message, 'execution.position.changed'))
      position = message.payload.side === 'FLAT' ? '0' : message.payload.quantity
  }
  return { orders, fills, closed, funding, position }
}

const OVER: ReadonlySet<string> = new Set(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED'])
const sum = (values: readonly string[]): Dec =>
  values.reduce((total, value) => total.plus(dec(value)), ZERO)

const differ = (a: Dec, b: Dec): boolean => a.minus(b).abs().gt(CENT)

/** Every intent ends known, and as the venue says. */
const checkOrders = (ours: OurBooks, venue: Exchange): string[] => {
  const problems: string[] = []
  const filled = new Map<string, Dec>()
  for (const { clientOrderId, quantity } of venue.tradesOf(ACCOUNT, SYMBOL))
    filled.set(clientOrderId, (filled.get(clientOrderId) ?? ZERO).plus(dec(quantity)))
  for (const [id, order] of ours.orders) {
    if (!OVER.has(order.status)) problems.push(`order ${id} ends ${order.status}`)
    const theirs = filled.get(id) ?? ZERO
    if (!theirs.eq(dec(order.filled_quantity)))
      problems.push(
        `order ${id}: ${order.filled_quantity} filled by our books, ${theirs.toString()} at the venue`,
      )
  }
  for (const id of filled.keys())
    if (isOwnClientOrderId(id) && !ours.orders.has(id))
      problems.push(`order ${id} filled at the venue and is not in our books`)
  return problems
}

/** One order a client id, one entry a trade. */
const checkDuplicates = (venue: Exchange): string[] => {
  const problems: string[] = []
  const seen = new Set<string>()
  const entries = new Set<string>()
  const plain = venue.ordersOf(ACCOUNT, SYMBOL).filter(({ algoId }) => algoId === null)
  const ids = [
    ...plain.map(({ clientOrderId }) => clientOrderId),
    ...venue.conditionalsOf(ACCOUNT, SYMBOL).map(({ clientAlgoId }) => clientAlgoId),
  ]
  for (const id of ids) {
    if (seen.has(id)) problems.push(`two orders ${id} at the venue`)
    seen.add(id)
    const entry = /^(td-[0-9a-f]{20})-e\d+$/.exec(id)?.[1]
    if (entry === undefined) continue
    if (entries.has(entry)) problems.push(`two entries of ${entry} at the venue`)
    entries.add(entry)
  }
  return problems
}

/** A fill of the venue's own making may be booked in parts: the later ones are named after the first. */
const wholeOf = (fillId: string): string => fillId.replace(/(-rest)+$/, '')

const checkFills = (ours: OurBooks, venue: Exchange): string[] => {
  const problems: string[] = []
  const seen = new Set<string>()
  const booked = new Map<string, Dec>()
  for (const { id, quantity } of ours.fills) {
    if (seen.has(id)) problems.push(`fill ${id} counted more than once`)
    seen.add(id)
    booked.set(wholeOf(id), (booked.get(wholeOf(id)) ?? ZERO).plus(quantity))
  }
  for (const { id, quantity } of venue.tradesOf(ACCOUNT, SYMBOL)) {
    const name = `${SYMBOL}-${id}`
    const lots = booked.get(name)
    booked.delete(name)
    if (lots === undefined) problems.push(`fill ${name} is not in our books`)
    else if (!lots.eq(quantity))
      problems.push(`fill ${name}: ${lots.toString()} booked of ${quantity}`)
  }
  for (const id of booked.keys()) problems.push(`fill ${id} is not at the venue`)
  return problems
}

/**
 * Funding off the hour, as a fault has it and no venue, is asked for after the next hour alone: what the
 * stream lost of it is not known before.
 */
const isFundingLost = (injected: Readonly<Record<string, number>>): boolean =>
  'funding' in injected &&
  Object.keys(injected).some((kind) => /^(account|stream|listen|execution_crash)/.test(kind))

const checkLedger = (ours: OurBooks, venue: Exchange, fundingLost: boolean): string[] => {
  const income = venue.income(ACCOUNT).filter(({ symbol }) => symbol === SYMBOL)
  const of = (type: string): Dec =>
    sum(income.filter((row) => row.type === type).map(({ amount }) => amount))
  const wallet = dec(venue.balance(ACCOUNT)?.walletBalance ?? '0').minus(STARTED_WITH)
  const fees = sum(ours.closed.map((one) => one.fees))
  const funding = sum([...ours.funding.values()])
  const rows: [string, Dec, Dec][] = [
    ['realized P&L', sum(ours.closed.map((one) => one.gross_pnl)), of('REALIZED_PNL')],
    ['fees', fees.neg(), of('COMMISSION')],
    ['funding', funding, of('FUNDING_FEE')],
    [
      'wallet change',
      sum(ours.closed.map((one) => one.gross_pnl))
        .minus(fees)
        .plus(funding),
      wallet.minus(of('INSURANCE_CLEAR')),
    ],
  ]
  return rows
    .filter(([what]) => !fundingLost || (what !== 'funding' && what !== 'wallet change'))
    .filter(([, a, b]) => differ(a, b))
    .map(([what, a, b]) => `${what}: ${a.toString()} by our books, ${b.toString()} at the venue`)
}

/** Nothing is left open, here or there. */
const checkRest = (ours: OurBooks, venue: Exchange): string[] => {
  const problems: string[] = []
  const position = sum(venue.positions(ACCOUNT, { symbol: SYMBOL }).map(({ quantity }) => quantity))
  if (!position.isZero()) problems.push(`a position of ${position.toString()} is left at the venue`)
  if (!dec(ours.position).isZero())
    problems.push(`a position of ${ours.position} is left in our books`)
  for (const { clientOrderId } of venue.openOrders(ACCOUNT, SYMBOL))
    problems.push(`order ${clientOrderId} is left open at the venue`)
  for (const { clientAlgoId, status } of venue.openConditionals(ACCOUNT, SYMBOL))
    problems.push(`conditional order ${clientAlgoId} is left ${status} at the venue`)
  return problems
}

/** Our books against the venue's own, once everything has come to rest. Empty when they agree. */
export const finalProblems = (
  messages: readonly Message[],
  venue: Exchange,
  injected: Readonly<Record<string, number>>,
): string[] => {
  const ours = readOurBooks(messages)
  return [
    ...checkRest(ours, venue),
    ...checkDuplicates(venue),
    ...checkFills(ours, venue),
    ...checkOrders(ours, venue),
    ...checkLedger(ours, venue, isFundingLost(injected)),
  ]
}
