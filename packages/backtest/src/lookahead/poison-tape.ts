import type { MarketEvent, TradeEvent } from '@tapedeck/core'
import type { EventChunk, TapeReader, TimeRange, TradeChunk } from '../tape/tape-chunk.ts'
import { garbageEvents, type LaneAtCut } from './garbage-events.ts'
import type { Cut, Material } from './subject.ts'

/**
 * A cut on a tape: everything at or past `order` is the future. No print is at `at` itself. By `settled` every symbol
 * has printed again, or is silent for longer than prints lag.
 */
export type TapeCut = Cut & { readonly order: number; readonly settled: number }

/** How far prints may lag behind each other: those that are later are not cut across. */
const LAG_MS = 15_000
/** Real prints after a cut that are kept to be turned upside down. */
const REAL_PRINTS = 1500
const BOUNDARY = 15_000

const rowAfter = (order: Float64Array, count: number, limit: number): number => {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (order[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

const tradeAt = (chunk: TradeChunk, row: number): TradeEvent => ({
  kind: 'trade',
  symbol: chunk.symbol,
  id: chunk.id[row]!,
  priceTicks: chunk.priceTicks[row]!,
  quantityLots: chunk.quantityLots[row]!,
  time: chunk.time[row]!,
  maker: chunk.maker[row] === 1 ? 1 : 0,
  excluded: chunk.excluded?.[row] === 1,
})

type Garbage = {
  readonly symbol: string
  /** Of the first events; the others follow. */
  readonly places: readonly number[]
  readonly events: readonly MarketEvent[]
}

/** A tape up to a cut, then given events by symbol. */
class PoisonedTape implements TapeReader {
  readonly instruments: TapeReader['instruments']
  readonly from: number
  readonly to: number
  readonly fingerprint: string
  readonly composer: NonNullable<TapeReader['composer']>
  readonly #clean: TapeReader
  readonly #cut: TapeCut
  /** By symbol: places and events. */
  readonly #after: ReadonlyMap<
    string,
    { readonly order: Float64Array; readonly events: readonly MarketEvent[] }
  >

  constructor(clean: TapeReader, cut: TapeCut, garbage: readonly Garbage[]) {
    this.#clean = clean
    this.#cut = cut
    // What a subject may read beside the data says nothing of the future either way.
    this.instruments = clean.instruments
    this.from = clean.from
    this.to = clean.to
    this.fingerprint = clean.fingerprint
    this.composer = clean.composer ?? {}
    // Symbols take turns after that, so that they go on side by side.
    const place = (lane: number, places: readonly number[], index: number): number =>
      places[index] ?? cut.settled + 1 + (index - places.length) * garbage.length + lane
    this.#after = new Map(
      garbage.map(({ symbol, places, events }, lane) => [
        symbol,
        { order: Float64Array.from(events, (_, index) => place(lane, places, index)), events },
      ]),
    )
  }

  async *trades(symbol: string, range?: TimeRange): AsyncGenerator<TradeChunk, void, undefined> {
    for await (const chunk of this.#clean.trades(symbol, range)) {
      const count = rowAfter(chunk.order, chunk.count, this.#cut.order)
      if (count > 0) yield { ...chunk, count }
      if (count < chunk.count) break
    }
  }

  /** Garbage comes as events, prints included: a tape may hold either. */
  async *events(symbol: string, range?: TimeRange): AsyncGenerator<EventChunk, void, undefined> {
    for await (const chunk of this.#clean.events(symbol, range)) {
      const count = rowAfter(chunk.order, chunk.events.length, this.#cut.order)
      if (count > 0)
        yield {
          ...chunk,
          order: chunk.order.subarray(0, count),
          events: chunk.events.slice(0, count),
        }
      if (count < chunk.events.length) break
    }
    const after = this.#after.get(symbol)
    if (after !== undefined && after.events.length > 0) yield { symbol, ...after }
  }
}

type Passing = { readonly order: number; readonly time: number; readonly print: TradeEvent }

/** The first print of a symbol at or past a moment, in the order of the tape, or null at its end. */
const firstFrom = async (
  tape: TapeReader,
  symbol: string,
  from: number,
): Promise<Passing | null> => {
  for await (const chunk of tape.trades(symbol, { from }))
    for (let row = 0; row < chunk.count; row++)
      if (chunk.time[row]! >= from)
        return { order: chunk.order[row]!, time: chunk.time[row]!, print: tradeAt(chunk, row) }
  return null
}

/** Is a print from before `at` placed at or past `order`, or one at `at` itself? Then nothing can be cut cleanly. */
const straddles = async (
  tape: TapeReader,
  symbol: string,
  at: number,
  order: number,
): Promise<boolean> => {
  for await (const chunk of tape.trades(symbol, { from: at - LAG_MS, to: at + LAG_MS }))
    for (let row = 0; row < chunk.count; row++)
      if (chunk.time[row] === at || (chunk.time[row]! < at && chunk.order[row]! >= order))
        return true
  return false
}

/** A symbol at a cut, with the places of the prints that keep their times. */
type PlacedLane = LaneAtCut & { readonly places: readonly number[] }

const laneAt = async (
  tape: TapeReader,
  symbol: string,
  { at, order, settled }: TapeCut,
): Promise<PlacedLane> => {
  let last: TradeEvent | null = null
  for await (const chunk of tape.trades(symbol, {
    from: Math.max(tape.from, at - 3_600_000),
    to: at + LAG_MS,
  })) {
    const row = rowAfter(chunk.order, chunk.count, order) - 1
    if (row >= 0) last = tradeAt(chunk, row)
  }
  const real: TradeEvent[] = []
  const places: number[] = []
  reading: for await (const chunk of tape.trades(symbol, { from: at }))
    for (let row = rowAfter(chunk.order, chunk.count, order); row < chunk.count; row++) {
      if (real.length === REAL_PRINTS) break reading
      real.push(tradeAt(chunk, row))
      if (chunk.order[row]! <= settled) places.push(chunk.order[row]!)
    }
  return {
    symbol,
    lastTicks: last?.priceTicks ?? real[0]?.priceTicks ?? 1,
    nextId: real[0]?.id ?? (last?.id ?? 0) + 1,
    real,
    timed: places.length,
    places,
  }
}

const hasBooks = async (tape: TapeReader, symbol: string): Promise<boolean> => {
  for await (const { events } of tape.events(symbol)) return events.length > 0
  return false
}

/**
 * A tape with its future replaced. Every second cut lies on a boundary of 15 s, where bars close and decisions are
 * made; the others anywhere. A cut is a place in the tape's order, so that a book change which overtook the prints is
 * past or future as it was received.
 */
export const tapeMaterial = (tape: TapeReader): Material<TapeReader, TapeCut> => {
  const symbols = tape.instruments.map(({ symbol }) => symbol)
  let turn = 0
  const cutAt = async (at: number): Promise<TapeCut | null> => {
    const firsts = await Promise.all(symbols.map((symbol) => firstFrom(tape, symbol, at)))
    const order = firsts.reduce((least, one) => Math.min(least, one?.order ?? Infinity), Infinity)
    if (order === Infinity || at <= tape.from) return null
    for (const symbol of symbols) if (await straddles(tape, symbol, at, order)) return null
    const near = firsts.filter((one) => one !== null && one.time <= at + LAG_MS)
    return { at, order, settled: near.reduce((most, one) => Math.max(most, one!.order), order) }
  }
  return {
    clean: tape,
    from: tape.from,
    to: tape.to,
    cutNear: async (near) => await cutAt(turn++ % 2 === 0 ? near - (near % BOUNDARY) : near),
    poisoned: async (cut, poison, seed) => {
      const garbage: Garbage[] = []
      for (const [index, symbol] of symbols.entries()) {
        const lane = await laneAt(tape, symbol, cut)
        const hasBook = await hasBooks(tape, symbol)
        const events = garbageEvents(lane, cut.at, poison, seed + index * 1000, hasBook)
        garbage.push({ symbol, places: lane.places, events })
      }
      return new PoisonedTape(tape, cut, garbage)
    },
  }
}
