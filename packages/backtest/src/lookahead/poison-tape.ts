import type { MarketEvent, TradeEvent } from '@tapedeck/core'
import type { TapeReader } from '../tape/tape-chunk.ts'
import { timeOf } from '../tape/event-clock.ts'
import { emptiedEvent, garbageEvents, type LaneAtCut } from './garbage-events.ts'
import { PoisonedTape, type Placed } from './poisoned-tape.ts'
import type { Material, Poison } from './subject.ts'
import { LAG_MS, isUsable, rowAfter, tapeCutAt, tradeAt, type TapeCut } from './tape-cut.ts'

/** Real prints after a cut that are kept to be turned upside down, behind those that keep their times. */
const REAL_PRINTS = 1500
const BOUNDARY = 15_000
const HOUR = 3_600_000

/** A symbol at a cut, with the places of what keeps its time. */
type PlacedLane = LaneAtCut & {
  readonly places: readonly number[]
  readonly others: readonly Placed[]
}

type PrintsAtCut = Pick<PlacedLane, 'real' | 'places'> & { readonly last: TradeEvent | null }

const printsAt = async (
  tape: TapeReader,
  symbol: string,
  { at, order, settled }: TapeCut,
): Promise<PrintsAtCut> => {
  let last: TradeEvent | null = null
  const before = { from: Math.max(tape.from, at - HOUR), to: at + LAG_MS }
  for await (const chunk of tape.trades(symbol, before)) {
    const row = rowAfter(chunk.order, chunk.count, order) - 1
    if (row >= 0) last = tradeAt(chunk, row)
  }
  const real: TradeEvent[] = []
  const places: number[] = []
  reading: for await (const chunk of tape.trades(symbol, { from: at }))
    for (let row = rowAfter(chunk.order, chunk.count, order); row < chunk.count; row++) {
      if (real.length === places.length + REAL_PRINTS) break reading
      real.push(tradeAt(chunk, row))
      if (chunk.order[row]! <= settled) places.push(chunk.order[row]!)
    }
  return { last, real, places }
}

/** What else came between the cut and where it is settled, emptied. */
const othersAt = async (
  tape: TapeReader,
  symbol: string,
  { at, order, settled }: TapeCut,
  empty: (event: MarketEvent) => MarketEvent | null,
): Promise<Placed[]> => {
  const others: Placed[] = []
  for await (const chunk of tape.events(symbol, { from: at - LAG_MS }))
    for (let row = rowAfter(chunk.order, chunk.events.length, order); row < chunk.events.length;) {
      const place = chunk.order[row]!
      if (place > settled) return others
      const event = empty(chunk.events[row++]!)
      if (event !== null) others.push({ order: place, event })
    }
  return others
}

const hasBook = async (tape: TapeReader, symbol: string): Promise<boolean> => {
  for await (const { events } of tape.events(symbol)) return events.length > 0
  return false
}

const laneAt = async (
  tape: TapeReader,
  symbol: string,
  cut: TapeCut,
  seed: number,
): Promise<PlacedLane> => {
  const { last, real, places } = await printsAt(tape, symbol, cut)
  const lastTicks = last?.priceTicks || (real.find(isUsable)?.priceTicks ?? 1)
  const kept = real.slice(0, places.length)
  const lastId = kept.reduce((most, { id }) => Math.max(most, id), last?.id ?? 0)
  const isMeasured = kept.some(
    (print) => isUsable(print) && !print.excluded && print.id > (last?.id ?? -1),
  )
  return {
    symbol,
    lastTicks,
    nextId: kept.length === 0 && real[0] !== undefined ? real[0].id : lastId + 1,
    real,
    timed: places.length,
    // A print that comes sooner than the real one would end what is open at the cut.
    silentUntil: isMeasured ? cut.at : cut.at + LAG_MS,
    places,
    hasBook: await hasBook(tape, symbol),
    others: await othersAt(tape, symbol, cut, (event) =>
      emptiedEvent({ symbol, lastTicks }, event, seed),
    ),
  }
}

/** What keeps its time stands where it stood; behind it, symbols go on side by side as time goes. */
const place = (
  lanes: readonly { readonly lane: PlacedLane; readonly events: readonly MarketEvent[] }[],
  { settled }: TapeCut,
): Map<string, Placed[]> => {
  const placed = new Map<string, Placed[]>()
  for (const { lane, events } of lanes) {
    const prints = lane.places.map((order, i) => ({ order, event: events[i]! }))
    placed.set(
      lane.symbol,
      [...prints, ...lane.others].toSorted((a, b) => a.order - b.order),
    )
  }
  const rest = lanes.flatMap(({ lane, events }) =>
    events.slice(lane.timed).map((event) => ({ symbol: lane.symbol, event })),
  )
  rest
    .toSorted((a, b) => timeOf(a.event)! - timeOf(b.event)!)
    .forEach(({ symbol, event }, i) => placed.get(symbol)!.push({ order: settled + 1 + i, event }))
  return placed
}

const poisonTape = async (
  tape: TapeReader,
  cut: TapeCut,
  poison: Poison,
  seed: number,
): Promise<TapeReader> => {
  const lanes = []
  for (const [index, { symbol }] of tape.instruments.entries()) {
    const own = seed + index * 1000
    const lane = await laneAt(tape, symbol, cut, own)
    lanes.push({ lane, events: garbageEvents(lane, cut.at, poison, own) })
  }
  return new PoisonedTape(tape, cut.order, place(lanes, cut))
}

/**
 * A tape with its future replaced. Near an even millisecond the cut lies on a boundary of 15 s, where bars close and
 * decisions are made; else it lies there. A cut is a place in the tape's order, so that a book change which overtook the prints is
 * past or future as it was received.
 *
 * Until each symbol has printed again, everything comes when it came and with the ids that it had, emptied of what it
 * said: a measure is made when the next print of its symbol comes, and that is how the tape would have gone on.
 */
export const tapeMaterial = (tape: TapeReader): Material<TapeReader, TapeCut> => ({
  clean: tape,
  from: tape.from,
  to: tape.to,
  cutNear: async (near) => await tapeCutAt(tape, near % 2 === 0 ? near - (near % BOUNDARY) : near),
  poisoned: async (cut, poison, seed) => await poisonTape(tape, cut, poison, seed),
})
