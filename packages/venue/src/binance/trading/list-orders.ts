import type { VenueOrder } from '@tapedeck/core'
import { known, type FoundOrder, type VenueResult } from '../../port/index.ts'
import { fieldsOfAll, type CallName, type CallParameters } from '../rest/index.ts'
import { readAlgoOrder } from './read-algo-order.ts'
import { readPlainOrder } from './read-plain-order.ts'
import type { VenueDesk } from './venue-desk.ts'

/** From so many symbols on, one question about all costs less weight than one about each. */
const ALL_FROM = 40

const openWith = async (
  { rest }: VenueDesk,
  name: CallName,
  symbols: readonly string[],
  read: (body: unknown) => readonly VenueOrder[],
): Promise<VenueResult<readonly VenueOrder[]>> => {
  const questions: CallParameters[] =
    symbols.length >= ALL_FROM ? [{}] : symbols.map((symbol) => ({ symbol }))
  const orders: VenueOrder[] = []
  for (const question of questions) {
    const some = await rest.ask(name, question, 'query', read)
    if (some.outcome === 'unknown') return some
    orders.push(...some.value)
  }
  return known(orders)
}

const key = (order: VenueOrder): string => `${order.symbol} ${order.clientOrderId}`

/**
 * Orders that can still fill, in both lists. The conditional list is asked first: what triggers in between is
 * then seen in both, and its market order wins.
 */
export const listOpenOrders = async (
  desk: VenueDesk,
  symbols: readonly string[],
): Promise<VenueResult<readonly VenueOrder[]>> => {
  const { venue } = desk
  const algo = await openWith(desk, 'fapiPrivateGetOpenAlgoOrders', symbols, (body) =>
    fieldsOfAll(body, 'openAlgoOrders')
      .map((fields) => readAlgoOrder(fields, venue))
      .filter(({ state }) => state === 'NEW' || state === 'TRIGGERING')
      .map(({ order }) => toVenueOrder(order)),
  )
  if (algo.outcome === 'unknown') return algo
  const plain = await openWith(desk, 'fapiPrivateGetOpenOrders', symbols, (body) =>
    fieldsOfAll(body, 'openOrders').map((fields) => toVenueOrder(readPlainOrder(fields, venue))),
  )
  if (plain.outcome === 'unknown') return plain
  for (const { symbol, venueOrderId, clientOrderId } of plain.value)
    desk.orderIds.learn(symbol, venueOrderId, clientOrderId)
  const triggered = new Set(plain.value.map(key))
  const wanted = new Set(symbols)
  return known(
    [...plain.value, ...algo.value.filter((order) => !triggered.has(key(order)))].filter(
      ({ symbol }) => wanted.has(symbol),
    ),
  )
}

/** Without what only a question about one order tells. */
const toVenueOrder = ({ status, reason, at, ...order }: FoundOrder): VenueOrder => {
  void [status, reason, at]
  return order
}
