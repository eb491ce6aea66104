import type { Instrument, Order } from '@tapedeck/contracts'
import { dec } from '../decimal/index.ts'
import { isOwnClientOrderId } from '../order/index.ts'
import { difference, type Difference } from './difference.ts'
import type { OurBooks } from './our-books.ts'
import type { VenueFill, VenueOrder, VenuePosition } from './venue-snapshot.ts'

/** The venue's books on one instrument. */
export type VenueSide = {
  readonly orders: readonly VenueOrder[]
  readonly position: VenuePosition | null
  readonly fills: readonly VenueFill[]
}

const PROTECTION: ReadonlySet<string> = new Set(['STOP', 'TARGET', 'EMERGENCY_STOP'])

const describe = (order: Order): string =>
  `${order.role} ${order.side} ${order.quantity} at ${order.stop_price ?? order.price ?? 'market'}, ${order.status}`

const describeTheirs = (order: VenueOrder): string =>
  `${order.type} ${order.side} ${order.quantity} at ${order.stopPrice ?? order.price ?? 'market'}, open`

/**
 * True for a fill that is not by an order of ours and that made our position smaller: a liquidation, or
 * somebody at the venue's own screen. The venue holds less than we do, so it is not to be explained otherwise.
 */
const closesOurs = (ours: OurBooks, theirs: VenueSide, fill: VenueFill): boolean => {
  const mine = ours.positionOf(fill.venue, fill.symbol)
  if (mine === null || mine.side === 'FLAT') return false
  if (isOwnClientOrderId(fill.clientOrderId)) return false
  const trade = ours.tradeOf(fill.venue, fill.symbol)
  const opened = trade?.opened_at ?? null
  if (trade === null || opened === null || fill.at < opened) return false
  // Our exits filled more than our entry: that is no position, and nobody closes it.
  if ((trade.side === 'BUY') !== (mine.side === 'LONG')) return false
  const { position } = theirs
  const held = position?.side === mine.side ? position.quantity : '0'
  const away = mine.side === 'LONG' ? 'SELL' : 'BUY'
  return fill.side === away && dec(held).lt(mine.quantity)
}

/** Fills of our orders that the tape does not have. They come first: they may explain the rest. */
export const compareFills = (
  ours: OurBooks,
  theirs: VenueSide,
  instrument: Instrument,
): Difference[] =>
  theirs.fills
    .filter(({ at, fillId }) => at >= ours.startedAt && !ours.hasFill(fillId))
    .flatMap((fill): Difference[] => {
      const live = ours.liveOrder(fill.clientOrderId)
      const over = live === null && ours.isOver(fill.clientOrderId)
      const closes = live === null && !over && ours.isRemote && closesOurs(ours, theirs, fill)
      if (live === null && !over && !closes) return []
      const whose = over ? 'the order is over' : 'no such order'
      const told = {
        ours: live === null ? whose : describe(live),
        theirs: `fill ${fill.fillId}: ${fill.side} ${fill.quantity} at ${fill.price}`,
      }
      if (live === null && !ours.isRemote) {
        const action = 'needs an operator: the order was given up before this fill was known'
        return [difference('MISSED_FILL', instrument, fill.fillId, { ...told, action }, [])]
      }
      const found = difference(
        'MISSED_FILL',
        instrument,
        fill.fillId,
        { ...told, action: 'apply the fill' },
        [
          {
            correction: 'APPLY_FILL',
            trade_id: live?.trade_id ?? null,
            client_order_id: fill.clientOrderId,
            side: fill.side,
            quantity: fill.quantity,
            price: fill.price,
            fill_id: fill.fillId,
            fee: fill.fee,
            fee_asset: fill.feeAsset === instrument.quote_asset ? null : fill.feeAsset,
          },
        ],
      )
      return [closes ? { ...found, ofOthers: true } : found]
    })

/** Orders of ours that the venue does not list, and orders whose outcome we do not know. */
export const compareOurOrders = (
  ours: OurBooks,
  theirs: VenueSide,
  instrument: Instrument,
): Difference[] =>
  ours.ordersOf(instrument.venue, instrument.symbol).flatMap((order): Difference[] => {
    const id = order.client_order_id
    const listed = theirs.orders.find(({ clientOrderId }) => clientOrderId === id)
    if (listed !== undefined) {
      if (order.status !== 'UNKNOWN') return []
      const told = { ours: describe(order), theirs: describeTheirs(listed) }
      return [
        difference('UNKNOWN_ORDER', instrument, id, { ...told, action: 'it rests at the venue' }, [
          {
            correction: 'RESOLVE_ORDER',
            trade_id: order.trade_id,
            client_order_id: id,
            quantity: listed.quantity,
          },
        ]),
      ]
    }
    const told = { ours: describe(order), theirs: 'no such open order' }
    const sent = order.status === 'UNKNOWN' || order.status === 'SUBMITTED'
    // Whether it has arrived is for the courier to find out, who knows until when it may.
    const unheard = order.status === 'PENDING_CANCEL' && order.venue_order_id === null
    if ((sent || unheard) && ours.isRemote) return []
    if (!sent && PROTECTION.has(order.role) && theirs.position !== null)
      return [
        difference('MISSING_EXIT', instrument, id, { ...told, action: 'place it anew' }, [
          {
            correction: 'RECREATE_EXIT',
            trade_id: order.trade_id,
            client_order_id: id,
            side: order.side,
            quantity: order.quantity,
            price: order.stop_price ?? order.price,
          },
        ]),
      ]
    return [
      difference('UNKNOWN_ORDER', instrument, id, { ...told, action: 'it is over' }, [
        { correction: 'RESOLVE_ORDER', trade_id: order.trade_id, client_order_id: id },
      ]),
    ]
  })

/**
 * An exit of ours that rests although there is nothing that it is for, and that nobody is canceling: nobody holds a
 * position, or what others had added to ours is gone and its emergency stop would close what is ours.
 */
const outlived = (
  ours: OurBooks,
  { position }: VenueSide,
  order: Order,
  { venue, symbol }: Instrument,
): boolean => {
  if (!order.reduce_only || order.status === 'PENDING_CANCEL') return false
  const mine = ours.positionOf(venue, symbol)
  if (mine === null || position === null) return mine === null && position === null
  const others = order.role === 'EMERGENCY_STOP' && order.trade_id !== mine.trade_id
  return others && ours.isRemote && dec(position.quantity).lte(mine.quantity)
}

const describeOurs = (ours: OurBooks, id: string): string => {
  const live = ours.liveOrder(id)
  if (live !== null) return `${describe(live)}, and no position for it`
  return ours.isOver(id) ? 'the order is over' : 'no such order'
}

/**
 * Orders that the venue lists and that should not be there: ones that we do not list, and exits without a
 * position. Ours are canceled, others only told.
 */
export const compareTheirOrders = (
  ours: OurBooks,
  theirs: VenueSide,
  instrument: Instrument,
): Difference[] =>
  theirs.orders
    .filter(({ clientOrderId }) => {
      const live = ours.liveOrder(clientOrderId)
      return live === null || outlived(ours, theirs, live, instrument)
    })
    .map((order) => {
      const id = order.clientOrderId
      const nobodys = !ours.isRemote && order.reduceOnly && theirs.position === null
      const leftover = isOwnClientOrderId(id) || nobodys
      const size = ours.isRemote ? { quantity: order.quantity } : {}
      return difference(
        'ORPHAN_ORDER',
        instrument,
        `${id}|${order.venueOrderId}`,
        {
          ours: describeOurs(ours, id),
          theirs: describeTheirs(order),
          action: leftover ? 'cancel it' : 'needs an operator: not an order of ours, left alone',
        },
        leftover
          ? [{ correction: 'CANCEL_ORDER', client_order_id: id, side: order.side, ...size }]
          : [],
      )
    })

/**
 * Exits that exist twice. A stop is moved by placing the new one first, so two at once are normal for a
 * moment; a second look tells the moment from a mistake. The one at the trade's own stop price stays.
 */
export const compareDuplicateExits = (
  ours: OurBooks,
  theirs: VenueSide,
  instrument: Instrument,
): Difference[] => {
  if (theirs.position === null) return []
  if (ours.isClosing(instrument.venue, instrument.symbol)) return []
  const trade = ours.tradeOf(instrument.venue, instrument.symbol)
  return (['STOP_MARKET', 'TAKE_PROFIT_MARKET'] as const).flatMap((type): Difference[] => {
    const exits = theirs.orders.filter(
      (order) =>
        order.type === type &&
        order.reduceOnly &&
        ![undefined, 'EMERGENCY_STOP'].includes(ours.liveOrder(order.clientOrderId)?.role),
    )
    const wanted = type === 'STOP_MARKET' ? trade?.stop_price : trade?.target_price
    const stays = exits.findLast(({ stopPrice }) => stopPrice === wanted) ?? exits.at(-1)
    return exits
      .filter((order) => order !== stays)
      .map((order) =>
        difference(
          'DUPLICATE_EXIT',
          instrument,
          order.clientOrderId,
          {
            ours: `one ${type} at ${wanted ?? 'a price of the trade'}`,
            theirs: `${exits.length} of them, one ${describeTheirs(order)}`,
            action: 'cancel this one',
          },
          [
            {
              correction: 'CANCEL_ORDER',
              trade_id: trade?.trade_id ?? null,
              client_order_id: order.clientOrderId,
              side: order.side,
            },
          ],
        ),
      )
  })
}
