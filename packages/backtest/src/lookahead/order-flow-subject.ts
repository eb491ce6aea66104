import type { BarClosed, InstrumentConfig, TradingConfig } from '@tapedeck/contracts'
import {
  BarBuilder,
  OrderFlowEngine,
  featuresAt,
  viewFootprints,
  viewMeasures,
  viewProfile,
} from '@tapedeck/core'
import type { FeedSink } from '../engine/stream-cursor.ts'
import { feedTapes } from '../engine/tape-feed.ts'
import type { TapeReader } from '../tape/tape-chunk.ts'
import type { Hear, Subject } from './subject.ts'

const SECOND = 1000
/** What does not trade moves the clock from this distance alone, as in the composer. */
const FOLLOWS_BY = 3000

type Lane = {
  readonly engine: OrderFlowEngine
  readonly bars: BarBuilder
  lastId: number
}

/** Everything that the measures of an instrument can be asked, at every moment at which they change. */
const laneOf = (instrument: InstrumentConfig, trading: TradingConfig, hear: Hear): Lane => {
  const on = instrument.symbol
  const engine: OrderFlowEngine = new OrderFlowEngine(
    instrument,
    trading.order_flow,
    trading.session,
    {
      onMeasures: (at) => hear(at, `${on} measures`, viewMeasures(engine)),
      onAbsorption: (reading) => hear(reading.at, `${on} absorption`, reading),
      onAbsorptionStarted: (reading) => hear(reading.at, `${on} absorption started`, reading),
      onAbsorptionEnded: (episode) => hear(episode.endedAt, `${on} absorption ended`, episode),
      onTrap: (trap) => hear(trap.at, `${on} trap`, trap),
      onDivergence: (at, divergence) => hear(at, `${on} divergence`, divergence),
      onMarketState: (at, state, previous) => hear(at, `${on} market state`, { state, previous }),
      onFeatures: (at) => {
        hear(at, `${on} features`, featuresAt(engine, at))
        hear(at, `${on} footprints`, viewFootprints(engine, '15s', 4))
        hear(at, `${on} profile`, viewProfile(engine, 'session'))
      },
    },
  )
  return { engine, bars: new BarBuilder({ instrument }), lastId: -1 }
}

/** The instruments of a tape on one clock, as the composer keeps it for the brain. */
class Lanes {
  readonly #lanes = new Map<string, Lane>()
  readonly #hear: Hear
  #reached = 0

  constructor(tape: TapeReader, trading: TradingConfig, hear: Hear) {
    this.#hear = hear
    for (const { symbol, venue } of tape.instruments) {
      const instrument = trading.instruments.find(
        (one) => one.symbol === symbol && one.venue === venue,
      )
      if (instrument !== undefined) this.#lanes.set(symbol, laneOf(instrument, trading, hear))
    }
  }

  /** What was seen is dropped, and what is not on the grid; what is late counts as of now. */
  print(symbol: string, id: number, price: number, lots: number, time: number, maker: 0 | 1): void {
    this.reach(time)
    const lane = this.#lanes.get(symbol)
    if (lane === undefined || id <= lane.lastId) return
    lane.lastId = id
    if (price <= 0 || lots <= 0) return
    this.#close(lane, lane.bars.addTrade(price, lots, maker, this.#reached))
    lane.engine.onTrade(id, price, lots, this.#reached, maker === 1)
  }

  mark(symbol: string, fundingRate: number, time: number): void {
    this.reach(time - FOLLOWS_BY)
    this.#lanes.get(symbol)?.engine.onMark(fundingRate, time)
  }

  /** Market time, moved by every print, whether it is measured or not. At each second, whoever is quiet closes its bars too. */
  reach(time: number): void {
    const second = time - (time % SECOND)
    if (second > this.#reached)
      for (const lane of this.#lanes.values()) {
        this.#close(lane, lane.bars.closeUntil(second))
        lane.engine.onClock(second)
      }
    this.#reached = Math.max(this.#reached, time)
  }

  #close({ engine }: Lane, bars: readonly BarClosed[]): void {
    for (const bar of bars) {
      this.#hear(bar.close_time, `${bar.symbol} bar`, bar)
      engine.onBar(bar)
    }
  }
}

const sinkOf = (lanes: Lanes): FeedSink => ({
  trades: ({ symbol, id, priceTicks, quantityLots, time, maker, excluded }, from, to) => {
    for (let row = from; row < to; row++)
      if (excluded?.[row] === 1) lanes.reach(time[row]!)
      else
        lanes.print(
          symbol,
          id[row]!,
          priceTicks[row]!,
          quantityLots[row]!,
          time[row]!,
          maker[row] === 1 ? 1 : 0,
        )
  },
  event: (event) => {
    if (event.kind === 'mark') lanes.mark(event.symbol, event.fundingRate, event.time)
    else if (event.kind === 'depth' && event.time !== null) lanes.reach(event.time - FOLLOWS_BY)
    else if (event.kind !== 'trade') return
    else if (event.excluded) lanes.reach(event.time)
    else {
      const { symbol, id, priceTicks, quantityLots, time, maker } = event
      lanes.print(symbol, id, priceTicks, quantityLots, time, maker)
    }
  },
})

/**
 * The measures themselves, fed print by print without messages or batches: each grid evaluation, indicator, bar,
 * profile and footprint. Finer than the brain's messages, which come about once a second.
 */
export const orderFlowSubject = (trading: TradingConfig): Subject<TapeReader> => ({
  name: 'order_flow measures',
  play: async (tape, hear) =>
    await feedTapes([tape], {}, sinkOf(new Lanes(tape, trading, hear)), () => null),
})
