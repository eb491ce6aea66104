import { isType, type Message, type Order, type TradeClosed } from '@tapedeck/contracts'
import { ZERO, dec, isOwnClientOrderId, type Dec } from '@tapedeck/core'
import type { Exchange } from '@tapedeck/venue-simulator'
import { ACCOUNT } from './account.ts'

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
  /** By symbol, those that are not flat. */
  readonly positions: Map<string, string>
}

const readOurBooks = (messages: readonly Message[]): OurBooks => {
  const orders = new Map<string, Order>()
  const fills: OurBooks['fills'] = []
  const closed: TradeClosed[] = []
  const funding = new Map<string, string>()
  const positions = new Map<string, string>()
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
    else if (isType(message, 'execution.position.changed')) {
      const { symbol, side, quantity } = message.payload
      if (side === 'FLAT') positions.delete(symbol)
      else positions.set(symbol, quantity)
    }
  }
  return { orders, fills, closed, funding, positions }
}

const OVER: ReadonlySet<string> = new Set(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED'])
const sum = (values: readonly string[]): Dec =>
  values.reduce((total, value) => total.plus(dec(value)), ZERO)

const differ = (a: Dec, b: Dec): boolean => a.minus(b).abs().gt(CENT)

type Symbols = readonly string[]
const everywhere = <T>(symbols: Symbols, rows: (symbol: string) => readonly T[]): T[] =>
  symbols.flatMap((symbol) => [...rows(symbol)])

/** Every intent ends known, and as the venue says. */
const checkOrders = (ours: OurBooks, venue: Exchange, symbols: Symbols): string[] => {
  const problems: string[] = []
  const filled = new Map<string, Dec>()
  for (const { clientOrderId, quantity } of everywhere(symbols, (symbol) =>
    venue.tradesOf(ACCOUNT, symbol),
  ))
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
const checkDuplicates = (venue: Exchange, symbol: string): string[] => {
  const problems: string[] = []
  const seen = new Set<string>()
  const entries = new Set<string>()
  const plain = venue.ordersOf(ACCOUNT, symbol).filter(({ algoId }) => algoId === null)
  const ids = [
    ...plain.map(({ clientOrderId }) => clientOrderId),
    ...venue.conditionalsOf(ACCOUNT, symbol).map(({ clientAlgoId }) => clientAlgoId),
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

const checkFills = (ours: OurBooks, venue: Exchange, symbols: Symbols): string[] => {
  const problems: string[] = []
  const seen = new Set<string>()
  const booked = new Map<string, Dec>()
  for (const { id, quantity } of ours.fills) {
    if (seen.has(id)) problems.push(`fill ${id} counted more than once`)
    seen.add(id)
    booked.set(wholeOf(id), (booked.get(wholeOf(id)) ?? ZERO).plus(quantity))
  }
  for (const symbol of symbols)
    for (const { id, quantity } of venue.tradesOf(ACCOUNT, symbol)) {
      const name = `${symbol}-${id}`
      const lots = booked.get(name)
      booked.delete(name)
      if (lots === undefined) problems.push(`fill ${name} is not in our books`)
      else if (!lots.eq(quantity))
        problems.push(`fill ${name}: ${lots.toString()} booked of ${quantity}`)
    }
  for (const id of booked.keys()) problems.push(`fill ${id} is not at the venue`)
  return problems
}

const checkLedger = (ours: OurBooks, venue: Exchange): string[] => {
  const income = venue.income(ACCOUNT)
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
    .filter(([, a, b]) => differ(a, b))
    .map(([what, a, b]) => `${what}: ${a.toString()} by our books, ${b.toString()} at the venue`)
}

/** Nothing is left open, here or there. */
const checkRest = (ours: OurBooks, venue: Exchange, symbol: string): string[] => {
  const problems: string[] = []
  const position = sum(venue.positions(ACCOUNT, { symbol }).map(({ quantity }) => quantity))
  if (!position.isZero())
    problems.push(`a position of ${position.toString()} ${symbol} is left at the venue`)
  const known = ours.positions.get(symbol)
  if (known !== undefined) problems.push(`a position of ${known} ${symbol} is left in our books`)
  for (const { clientOrderId } of venue.openOrders(ACCOUNT, symbol))
    problems.push(`order ${clientOrderId} is left open at the venue`)
  for (const { clientAlgoId, status } of venue.openConditionals(ACCOUNT, symbol))
    problems.push(`conditional order ${clientAlgoId} is left ${status} at the venue`)
  return problems
}

/**
 * Our books against the venue's own, once everything has come to rest. Empty when they agree. Where somebody
 * else traded on the account, money is not compared: what they opened and we closed has an average price of both.
 */
export const finalProblems = (
  messages: readonly Message[],
  venue: Exchange,
  { symbols, isShared }: { readonly symbols: Symbols; readonly isShared: boolean },
): string[] => {
  const ours = readOurBooks(messages)
  return [
    ...symbols.flatMap((symbol) => checkRest(ours, venue, symbol)),
    ...symbols.flatMap((symbol) => checkDuplicates(venue, symbol)),
    ...checkOrders(ours, venue, symbols),
    ...(isShared ? [] : [...checkFills(ours, venue, symbols), ...checkLedger(ours, venue)]),
  ]
}
