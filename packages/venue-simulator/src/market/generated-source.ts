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
  readonly waiting: VenueMarketEvent[]
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

  constructor({ symbols, seed, startTime }: GeneratedSourceOptions) {
    this.instruments = symbols.map(({ instrument }) => instrument)
    this.startTime = startTime
    const lanes = symbols.map(({ instrument, ...given }): [string, Lane] => {
      const own = seedOf(seed, instrument.symbol)
      const market = new GeneratedMarket({ ...given, instrument, seed: own, startTime })
      const book = { ...market.bookSnapshot(), time: startTime }
      return [instrument.symbol, { market, waiting: [book, firstMark(book, instrument)] }]
    })
    this.#lanes = new Map(lanes)
  }

  /** 100 ms are made when the clock enters them; what they hold comes at its own time. */
  advanceTo(time: number): readonly MarketEvent[] {
    const events: VenueMarketEvent[] = []
    for (const { market, waiting } of this.#lanes.values()) {
      while (market.time <= time)
        for (const event of market.next())
          if (isForVenue(event) && timeOf(event) >= this.startTime) waiting.push(event)
      let due = 0
      while (due < waiting.length && timeOf(waiting[due]!) <= time) due++
      events.push(...waiting.splice(0, due))
    }
    // A stable sort: events of one symbol keep their order.
    return this.#lanes.size < 2 ? events : events.toSorted((a, b) => timeOf(a) - timeOf(b))
  }

  taken({ symbol, side, lots }: ClientTake): void {
    this.#lanes.get(symbol)?.market.take(side === 'BUY', lots)
  }
}
