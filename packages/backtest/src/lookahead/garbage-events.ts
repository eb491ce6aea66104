import {
  Random,
  type DepthEvent,
  type MarkEvent,
  type MarketEvent,
  type TradeEvent,
} from '@tapedeck/core'
import type { Poison } from './subject.ts'
import { isUsable } from './tape-cut.ts'

/** Where a symbol stands at a cut, and what really came after it. */
export type LaneAtCut = {
  readonly symbol: string
  /** Of the last print before the cut. */
  readonly lastTicks: number
  /** The id that comes next, after those that are kept. */
  readonly nextId: number
  /** The real prints after the cut, a stretch of them. */
  readonly real: readonly TradeEvent[]
  /** So many of them keep their times and ids: when the next print comes is when a measure is made. */
  readonly timed: number
  /** Nothing is printed from the last of those up to this moment. */
  readonly silentUntil: number
  readonly hasBook: boolean
}

/** What comes after the prints that keep their times. */
const PRINTS = 1500
const MONTH = 30 * 86_400_000
/** Above what any venue counts. */
const LAST_UPDATE = 9e15

const ticks = (value: number): number => Math.min(1e12, Math.max(1, Math.round(value)))

/** The print `step` places after the cut. */
type MakePrint = (lane: LaneAtCut, at: number, step: number) => TradeEvent

const print = (
  lane: LaneAtCut,
  step: number,
  rest: Pick<TradeEvent, 'priceTicks' | 'quantityLots' | 'time' | 'maker'>,
): TradeEvent => ({
  kind: 'trade',
  symbol: lane.symbol,
  id: lane.nextId + step - lane.timed,
  excluded: false,
  ...rest,
})

const MAKE: Readonly<Record<Exclude<Poison, 'wandering' | 'silence'>, MakePrint>> = {
  absurd: (lane, at, step) =>
    print(lane, step, {
      priceTicks: ticks(lane.lastTicks * (step % 2 === 0 ? 1000 : 0.001)),
      quantityLots: 1_000_000_000,
      time: at + 1 + step * 40,
      maker: step % 3 === 0 ? 1 : 0,
    }),
  mirrored: (lane, at, step) => {
    const real = lane.real[step % Math.max(1, lane.real.length)]
    return print(lane, step, {
      priceTicks: ticks(2 * lane.lastTicks - (real?.priceTicks ?? lane.lastTicks)),
      quantityLots: real?.quantityLots ?? 1,
      time: Math.max(at + 1, real?.time ?? at + 1),
      maker: real?.maker === 1 ? 0 : 1,
    })
  },
  repeated: (lane, at, step) => {
    // Not the first: a price that really came next would betray nobody who knew it.
    const moment = lane.real.findLast(isUsable)
    return print(lane, lane.timed + Math.floor((step - lane.timed) / 2), {
      priceTicks: moment?.priceTicks ?? lane.lastTicks,
      quantityLots: moment?.quantityLots ?? 1,
      time: at + 1 + Math.floor(step / 20) * 1000,
      maker: moment?.maker ?? 0,
    })
  },
}

/** Prints that walk at random; after a silence, the first of them comes a month later. */
const walk = (lane: LaneAtCut, from: number, random: Random): TradeEvent[] => {
  let price = lane.lastTicks
  let time = from
  return Array.from({ length: lane.timed + PRINTS }, (_, step) => {
    price = ticks(price * (1 + 0.0005 * random.normal()))
    time += Math.floor(random.between(0, 120))
    return print(lane, step, {
      priceTicks: price,
      quantityLots: 1 + Math.floor(random.lognormal(500, 1.5)),
      time,
      maker: random.chance(0.5) ? 1 : 0,
    })
  })
}

/** A book that has nothing to do with the one before; only where the tape has books. */
const bookOf = (
  { symbol, lastTicks }: Pick<LaneAtCut, 'symbol' | 'lastTicks'>,
  time: number | null,
  lastId: number,
  random: Random,
): DepthEvent => {
  const middle = ticks(lastTicks * random.between(0.5, 2)) + 50
  const levels = Array.from({ length: 20 }, (_, level) => level)
  return {
    kind: 'depth',
    symbol,
    snapshot: true,
    firstId: lastId,
    lastId,
    previousId: null,
    time,
    bidTicks: levels.map((level) => middle - 1 - level),
    bidLots: levels.map(() => random.integer(1, 1_000_000)),
    askTicks: levels.map((level) => middle + 1 + level),
    askLots: levels.map(() => random.integer(1, 1_000_000)),
  }
}

const markOf = (
  { symbol, lastTicks }: Pick<LaneAtCut, 'symbol' | 'lastTicks'>,
  time: number,
): MarkEvent => ({
  kind: 'mark',
  symbol,
  time,
  markPrice: lastTicks * 7,
  indexPrice: null,
  fundingRate: 0.05,
  nextFundingTime: time + 60_000,
})

/** A real print as it came, when and with which id, but for what it says. One that is not measured anyway stays. */
const emptied = (real: TradeEvent, made: TradeEvent): TradeEvent =>
  isUsable(real) ? { ...made, id: real.id, time: real.time, excluded: real.excluded } : real

/**
 * What a symbol's market does after the cut at `at`, in order: first the prints that keep their times, then others.
 * Nothing of what came is left but the times and ids of the former: they say when what was measured before is said,
 * not what.
 */
export const garbageEvents = (
  lane: LaneAtCut,
  at: number,
  poison: Poison,
  seed: number,
): MarketEvent[] => {
  const random = new Random(seed)
  const { timed, silentUntil } = lane
  const start = poison === 'silence' ? at + MONTH : at + 1
  const prints =
    poison === 'wandering' || poison === 'silence'
      ? walk(lane, start, random)
      : Array.from({ length: timed + PRINTS }, (_, step) => MAKE[poison](lane, at, step))
  const events: MarketEvent[] = prints
    .slice(0, timed)
    .map((made, step) => emptied(lane.real[step]!, made))
  let reached = lane.real
    .slice(0, timed)
    .reduce((most, { time }) => Math.max(most, time), silentUntil)
  for (const made of prints.slice(timed)) {
    reached = Math.max(reached, made.time)
    events.push({ ...made, time: reached })
    if (lane.hasBook && events.length === timed + 1)
      events.push(bookOf(lane, reached, LAST_UPDATE, random), markOf(lane, reached))
  }
  return events
}

/**
 * Something other than a print that comes before `settled`: it moves market time and ends batches as it did, and says
 * nothing of what it said. Null where nothing of it is to be kept.
 */
export const emptiedEvent = (
  lane: Pick<LaneAtCut, 'symbol' | 'lastTicks'>,
  event: MarketEvent,
  seed: number,
): MarketEvent | null => {
  if (event.kind === 'feed' || event.kind === 'clock') return event
  if (event.kind === 'depth')
    return bookOf(lane, event.time, event.lastId, new Random(seed + event.lastId))
  return event.kind === 'mark' ? markOf(lane, event.time) : null
}
