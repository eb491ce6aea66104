import type { Instrument, PositionChanged } from '@tapedeck/contracts'
import { dec, roundToStep, toDecimalString } from '../decimal/index.ts'
import type { VenueSide } from './compare-orders.ts'
import { difference, type CorrectionDraft, type Difference } from './difference.ts'
import type { OurBooks } from './our-books.ts'
import type { VenuePosition } from './venue-snapshot.ts'

/** How trade ids of positions begin that no trade explains (`OrphanKeeper`). */
const ORPHAN = 'orphan-'

const exitSide = (side: 'LONG' | 'SHORT' | 'FLAT'): 'BUY' | 'SELL' =>
  side === 'LONG' ? 'SELL' : 'BUY'

const describe = (position: VenuePosition | PositionChanged | null): string =>
  position === null ? 'flat' : `${position.side} ${position.quantity}`

/** 1 % (configurable) from the entry against the position, on the tick grid. */
const emergencyStop = (
  position: VenuePosition,
  quantity: string,
  instrument: Instrument,
  percent: number,
): CorrectionDraft[] => {
  if (position.averagePrice === null) return []
  const sign = position.side === 'LONG' ? -1 : 1
  const price = dec(position.averagePrice)
    .times(dec(100).plus(sign * percent))
    .div(100)
  return [
    {
      correction: 'PLACE_EMERGENCY_STOP',
      side: exitSide(position.side),
      quantity,
      price: toDecimalString(roundToStep(price, instrument.tick_size, 'nearest')),
    },
  ]
}

const describeStop = ([stop]: readonly CorrectionDraft[]): string =>
  stop === undefined
    ? 'needs an operator: the venue does not tell its entry price'
    : `emergency stop at ${stop.price ?? ''}; an operator may adopt it`

/** Nothing of ours stands for what others hold: its emergency stop was refused, and so was the exit after it. */
const isLeftAlone = (ours: OurBooks, { venue, symbol }: Instrument): boolean =>
  ours.isRemote &&
  !ours
    .ordersOf(venue, symbol)
    .some(({ role, trade_id: id }) => role === 'EMERGENCY_STOP' || id.startsWith(ORPHAN))

const orphan = (
  ours: OurBooks,
  position: VenuePosition,
  instrument: Instrument,
  percent: number,
): Difference => {
  const corrections = emergencyStop(position, position.quantity, instrument, percent)
  const found = difference(
    'ORPHAN_POSITION',
    instrument,
    `${position.side}|${position.quantity}`,
    {
      ours: describe(ours.positionOf(instrument.venue, instrument.symbol)),
      theirs: describe(position),
      action: describeStop(corrections),
    },
    corrections,
  )
  const isAsked = corrections.length > 0 && isLeftAlone(ours, instrument)
  return isAsked ? { ...found, askAgain: true } : found
}

/**
 * The venue holds more than we do: what others added is not ours. It is protected by itself, so that no order of
 * ours fills beyond our books, and nothing new is traded while it is there.
 */
const added = (
  ours: OurBooks,
  mine: PositionChanged,
  position: VenuePosition,
  instrument: Instrument,
  percent: number,
): Difference => {
  const surplus = toDecimalString(dec(position.quantity).minus(mine.quantity))
  const corrections = emergencyStop(position, surplus, instrument, percent)
  const trade = ours.tradeOf(instrument.venue, instrument.symbol)
  const found = difference(
    'QUANTITY_MISMATCH',
    instrument,
    `${trade?.trade_id ?? mine.trade_id ?? ''}|${mine.quantity}|${position.quantity}`,
    {
      ours: describe(mine),
      theirs: describe(position),
      action: `${surplus} are not ours: ${describeStop(corrections)}`,
    },
    corrections,
  )
  const isAsked = corrections.length > 0 && isLeftAlone(ours, instrument)
  return isAsked ? { ...found, askAgain: true } : found
}

const stale = (ours: OurBooks, position: PositionChanged, instrument: Instrument): Difference => {
  const trade = ours.tradeOf(instrument.venue, instrument.symbol)
  const id = trade?.trade_id ?? position.trade_id
  return difference(
    'STALE_POSITION',
    instrument,
    `${id ?? ''}|${position.side}|${position.quantity}`,
    { ours: describe(position), theirs: 'flat', action: 'close it in our books' },
    [
      {
        correction: 'CLOSE_FROM_FILLS',
        trade_id: id,
        side: exitSide(position.side),
        quantity: position.quantity,
      },
    ],
  )
}

/** Both hold the same side: the quantity, and that the stop covers it. */
const compareQuantities = (
  ours: OurBooks,
  mine: PositionChanged,
  theirs: VenueSide & { position: VenuePosition },
  instrument: Instrument,
): Difference[] => {
  const { position } = theirs
  const trade = ours.tradeOf(instrument.venue, instrument.symbol)
  const stops = theirs.orders.filter(
    ({ type, clientOrderId, side }) =>
      type === 'STOP_MARKET' &&
      side === exitSide(position.side) &&
      ours.liveOrder(clientOrderId) !== null,
  )
  const covers = stops.some((stop) =>
    dec(stop.quantity).minus(stop.filledQuantity).gte(position.quantity),
  )
  const same = dec(mine.quantity).eq(position.quantity)
  // Without any stop, MISSING_EXIT or execution's own bound has it.
  const closing = ours.isClosing(instrument.venue, instrument.symbol)
  if (same && (covers || closing || stops.length === 0)) return []
  return [
    difference(
      'QUANTITY_MISMATCH',
      instrument,
      `${trade?.trade_id ?? mine.trade_id ?? ''}|${mine.quantity}|${position.quantity}|${covers}`,
      {
        ours: describe(mine),
        theirs: `${describe(position)}, stops for ${stops.map(({ quantity }) => quantity).join(', ') || 'nothing'}`,
        action: `protection for ${position.quantity}`,
      },
      [
        {
          correction: 'RESIZE_PROTECTION',
          trade_id: trade?.trade_id ?? mine.trade_id,
          side: exitSide(position.side),
          quantity: position.quantity,
        },
      ],
    ),
  ]
}

/** Positions of one instrument, once every fill is known to both sides. */
export const comparePositions = (
  ours: OurBooks,
  theirs: VenueSide,
  instrument: Instrument,
  emergencyStopPercent: number,
): Difference[] => {
  const mine = ours.positionOf(instrument.venue, instrument.symbol)
  const { position } = theirs
  if (position === null) return mine === null ? [] : [stale(ours, mine, instrument)]
  if (mine === null) return [orphan(ours, position, instrument, emergencyStopPercent)]
  if (mine.side !== position.side)
    return [stale(ours, mine, instrument), orphan(ours, position, instrument, emergencyStopPercent)]
  if (ours.isRemote && dec(position.quantity).gt(mine.quantity))
    return [added(ours, mine, position, instrument, emergencyStopPercent)]
  return compareQuantities(ours, mine, { ...theirs, position }, instrument)
}
