import type { Instrument } from '@tapedeck/contracts'
import {
  GeneratedMarket,
  type DepthEvent,
  type GeneratedMarketOptions,
  type MarkEvent,
  type MarketEvent,
} from '@tapedeck/core'
import { atTime, isForVenue, type VenueMarketEvent } from './event-time.ts'
import type { ClientTake, MarketSource } from './market-source.ts'

export type GeneratedSymbol = {
  readonly instrument: Instrument
  /** Decimal on the instrument's tick. */
  readonly startPrice: string
} & Pick<GeneratedMarketOptions, 'tradesPerSecond' | 'meanQuantity' | 'acts'>

export type GeneratedSourceOptions = {
  readonly symbols: readonly GeneratedSymbol[]
  /** Whole number; the same seed, symbols and takes give the same market. */
  readonly seed: number
  /** ms. */
  readonly startTime: number
}

const FIRST_FUNDING_RATE = 0.0001

/** FNV-1a: a symbol has its own market, whichever others are beside it. */
const seedOf = (seed: number, symbol: string): number => {
  let hash = 0x811c9dc5
  for (const character of symbol) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  return (seed ^ hash) | 0
}

/** There is a mark from the beginning, not from the first full second: margin is counted at it. */
const firstMark = (book: DepthEvent & { time: number }, { tick_size }: Instrument): MarkEvent => {
  const middle = ((book.bidTicks[0]! + book.askTicks[0]!) / 2) * Number(tick_size)
  const price = Math.round(middle * 1e4) / 1e4
  const mark: MarkEvent = {
    kind: 'mark',
    symbol: book.symbol,
    time: book.time,
    markPrice: price,
    indexPrice: price,
    fundingRate: FIRST_FUNDING_RATE,
    nextFundingTime: 0,
  }
  return atTime(mark, book.time) as MarkEvent
}

type Lane = {
  readonly market: GeneratedMarket
  waiting: VenueMarketEvent[]
  readonly takes: Take[]
}

/** What clients took, and how far the market was when they did. */
type Take = readonly [at: number, buy: boolean, lots: number]

/**
 * A market follows from its seed and what was taken from it: that is all that is kept. Going on from it
 * makes it once more from its beginning.
 */
export type SavedGeneratedSource = {
  readonly time: number
  readonly takes: readonly (readonly [symbol: string, takes: readonly Take[]])[]
}

const timeOf = (event: VenueMarketEvent): number => event.time ?? 0

/**
 * Markets made from a seed, one a symbol. They answer what clients take: providers step back as they do
 * for everybody, so a large market order moves the price, and the same orders move it the same way.
 */
export class GeneratedSource implements MarketSource {
  readonly instruments: readonly Instrument[]
  readonly startTime: number
  readonly endTime = null
  readonly #lanes: ReadonlyMap<string, Lane>
  #time: number

  constructor({ symbols, seed, startTime }: GeneratedSourceOptions) {
    this.instruments = symbols.map(({ instrument }) => instrument)
    this.startTime = startTime
    this.#time = startTime - 1
    const lanes = symbols.map(({ instrument, ...given }): [string, Lane] => {
      const own = seedOf(seed, instrument.symbol)
      const market = new GeneratedMarket({ ...given, instrument, seed: own, startTime })
      const book = { ...market.bookSnapshot(), time: startTime }
      return [
        instrument.symbol,
        { market, waiting: [book, firstMark(book, instrument)], takes: [] },
      ]
    })
    this.#lanes = new Map(lanes)
  }

  /** The source of the same options where another one stood. Takes as long as making all that was. */
  static resume(options: GeneratedSourceOptions, saved: SavedGeneratedSource): GeneratedSource {
    const source = new GeneratedSource(options)
    const takesOf = new Map(saved.takes)
    for (const [symbol, lane] of source.#lanes) {
      lane.waiting = lane.waiting.filter((event) => timeOf(event) > saved.time)
      for (const take of takesOf.get(symbol) ?? []) {
        source.#make(lane, take[0] - 1, saved.time)
        source.#take(lane, take)
      }
      source.#make(lane, saved.time, saved.time)
    }
    source.#time = saved.time
    return source
  }

  snapshot(): SavedGeneratedSource {
    const takes = [...this.#lanes].map(([symbol, lane]) => [symbol, [...lane.takes]] as const)
    return { time: this.#time, takes }
  }

  /** 100 ms are made when the clock enters them; what they hold comes at its own time. */
  advanceTo(time: number): readonly MarketEvent[] {
    const events: VenueMarketEvent[] = []
    this.#time = Math.max(this.#time, time)
    for (const lane of this.#lanes.values()) {
      this.#make(lane, time)
      const { waiting } = lane
      let due = 0
      while (due < waiting.length && timeOf(waiting[due]!) <= time) due++
      for (const event of waiting.splice(0, due)) events.push(event)
    }
    // A stable sort: events of one symbol keep their order.
    return this.#lanes.size < 2 ? events : events.toSorted((a, b) => timeOf(a) - timeOf(b))
  }

  taken({ symbol, side, lots }: ClientTake): void {
    const lane = this.#lanes.get(symbol)
    if (lane !== undefined) this.#take(lane, [lane.market.time, side === 'BUY', lots])
  }

  #take(lane: Lane, take: Take): void {
    lane.takes.push(take)
    lane.market.take(take[1], take[2])
  }

  /** Makes what comes up to `time`; what was told up to `told` is not told again. */
  #make({ market, waiting }: Lane, time: number, told = this.startTime - 1): void {
    while (market.time <= time)
      for (const event of market.next())
        if (isForVenue(event) && timeOf(event) > told) waiting.push(event)
  }
}
