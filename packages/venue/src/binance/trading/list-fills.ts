import type { VenueFill } from '@tapedeck/core'
import { known, type VenueResult } from '../../port/index.ts'
import { fieldsOfAll, type AnswerFields, type CallParameters } from '../rest/index.ts'
import { quoteAssetOf } from '../streams/index.ts'
import { findByVenueOrderId } from './find-order.ts'
import { SIDES } from './read-plain-order.ts'
import type { VenueDesk } from './venue-desk.ts'

const PAGE = 1000
const DAY_MS = 86_400_000
/** One question reaches over seven days, and three months back: binance-ccxt-facts §3.4. */
const WINDOW_MS = 7 * DAY_MS
const HISTORY_MS = 89 * DAY_MS

/** A trade as it is listed: with the venue's order id in place of ours. */
type Listed = { readonly tradeId: string; readonly orderId: string; readonly fill: VenueFill }

/** The fill id that stream, queries and reconciliation share. */
const fillIdOf = (symbol: string, tradeId: string): string => `${symbol}-${tradeId}`

const readListed = (fields: AnswerFields, venue: string): Listed => {
  const symbol = fields.text('symbol')
  const tradeId = fields.id('id')
  return {
    tradeId,
    orderId: fields.id('orderId'),
    fill: {
      venue,
      symbol,
      fillId: fillIdOf(symbol, tradeId),
      clientOrderId: '',
      side: fields.word('side', SIDES),
      quantity: fields.decimal('qty'),
      price: fields.decimal('price'),
      fee: fields.decimal('commission'),
      feeAsset: fields.has('commissionAsset')
        ? fields.text('commissionAsset')
        : quoteAssetOf(symbol),
      liquidity: fields.flag('maker') ? 'MAKER' : 'TAKER',
      at: fields.time('time'),
    },
  }
}

const byId = (a: Listed, b: Listed): number => {
  const [left, right] = [BigInt(a.tradeId), BigInt(b.tradeId)]
  return left < right ? -1 : left > right ? 1 : 0
}

const page = async (desk: VenueDesk, parameters: CallParameters): Promise<VenueResult<Listed[]>> =>
  desk.rest.ask('fapiPrivateGetUserTrades', { ...parameters, limit: PAGE }, 'query', (body) =>
    fieldsOfAll(body, 'userTrades')
      .map((fields) => readListed(fields, desk.venue))
      .toSorted(byId),
  )

/** Every trade from `since` on, by time until a page is full and by id from there: no window hides a page's rest. */
const listTrades = async (
  desk: VenueDesk,
  symbol: string,
  since: number,
): Promise<VenueResult<Listed[]>> => {
  const now = desk.rest.clock.timestamp()
  const trades: Listed[] = []
  for (let from = Math.max(since, now - HISTORY_MS, 0); from <= now; from += WINDOW_MS) {
    const endTime = Math.min(from + WINDOW_MS - 1, now + DAY_MS)
    const some = await page(desk, { symbol, startTime: from, endTime })
    if (some.outcome === 'unknown') return some
    trades.push(...some.value)
    if (some.value.length >= PAGE) break
  }
  for (let full = trades.length >= PAGE; full;) {
    const fromId = (BigInt(trades.at(-1)?.tradeId ?? '0') + 1n).toString()
    const more = await page(desk, { symbol, fromId })
    if (more.outcome === 'unknown') return more
    // A page that does not go on would be asked for without end.
    const next = more.value.filter(({ tradeId }) => BigInt(tradeId) >= BigInt(fromId))
    trades.push(...next)
    full = next.length >= PAGE
  }
  return known(trades)
}

/** Fills of a symbol from `since` on, oldest first, each once. */
export const listFills = async (
  desk: VenueDesk,
  symbol: string,
  since: number,
): Promise<VenueResult<readonly VenueFill[]>> => {
  // Without our clock on the venue's, "now" would cut off what just happened.
  if (!desk.rest.clock.isSet) await desk.rest.syncClock()
  const trades = await listTrades(desk, symbol, since)
  if (trades.outcome === 'unknown') return trades
  const orders = new Set(trades.value.map(({ orderId }) => orderId))
  const learned = await learnOrders(desk, symbol, [...orders])
  if (learned.outcome === 'unknown') return learned
  const fills = new Map<string, VenueFill>()
  for (const { orderId, fill } of trades.value) {
    if (fill.symbol !== symbol || fill.at < since) continue
    const clientOrderId = await clientOrderIdOf(desk, symbol, orderId)
    if (clientOrderId.outcome === 'unknown') return clientOrderId
    fills.set(fill.fillId, { ...fill, clientOrderId: clientOrderId.value })
  }
  return known([...fills.values()])
}

/** From so many unknown orders on, a list of them costs less than a question about each. */
const MANY = 5

/** Learns the client ids of many orders by pages of `/allOrders`; what is not there is asked for one by one. */
const learnOrders = async (
  { rest, orderIds }: VenueDesk,
  symbol: string,
  wanted: readonly string[],
): Promise<VenueResult<null>> => {
  const unknownOf = (): bigint[] =>
    wanted.filter((id) => orderIds.clientOrderIdOf(symbol, id) === undefined).map(BigInt)
  let from: bigint | null = null
  for (let missing = unknownOf(); missing.length >= MANY; missing = unknownOf()) {
    const first = missing.reduce((least, id) => (id < least ? id : least))
    if (from !== null && first <= from) break
    from = first
    const asked = { symbol, orderId: first.toString(), limit: PAGE }
    const listed = await rest.ask('fapiPrivateGetAllOrders', asked, 'query', (body) =>
      fieldsOfAll(body, 'allOrders').map((fields) => ({
        orderId: fields.id('orderId'),
        clientOrderId: fields.text('clientOrderId'),
      })),
    )
    if (listed.outcome === 'unknown') return listed
    for (const { orderId, clientOrderId } of listed.value)
      orderIds.learn(symbol, orderId, clientOrderId)
  }
  return known(null)
}

/** Ours, learned or asked for. An order that the venue has forgotten is named by the venue's id. */
const clientOrderIdOf = async (
  desk: VenueDesk,
  symbol: string,
  orderId: string,
): Promise<VenueResult<string>> => {
  const learned = desk.orderIds.clientOrderIdOf(symbol, orderId)
  if (learned !== undefined) return known(learned)
  const found = await findByVenueOrderId(desk, symbol, orderId)
  if (found.outcome === 'unknown') return found
  const clientOrderId = found.value?.clientOrderId ?? `forgotten-${orderId}`
  desk.orderIds.learn(symbol, orderId, clientOrderId)
  return known(clientOrderId)
}
