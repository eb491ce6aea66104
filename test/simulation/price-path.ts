import type { DepthEvent, MarketEvent, Random } from '@tapedeck/core'
import { priceOf, type SimulatedInstrument } from './instruments.ts'

export const STEP_MS = 250
const MARK_EVERY = 4
const HOUR_MS = 3_600_000
const LEVELS = 6

/** How the price moves for a while: ticks a step, on average and around it. */
export type Mood = { readonly drift: number; readonly noise: number }

/** Levels that are there, and those that are gone with a quantity of 0. */
const changes = (now: Map<number, number>, was: Map<number, number>): [number[], number[]] => {
  const gone = [...was.keys()].filter((ticks) => !now.has(ticks))
  return [
    [...now.keys(), ...gone],
    [...now.values(), ...gone.map(() => 0)],
  ]
}

/** A market of one symbol that moves as it is told to: prints, a thin book, marks. */
export class PricePath {
  readonly #instrument: SimulatedInstrument
  readonly #random: Random
  readonly #fundingRate: number
  mood: Mood = { drift: 0, noise: 4 }
  #ticks: number
  #steps = 0
  #tradeId = 1
  #updateId = 1
  #bids = new Map<number, number>()
  #asks = new Map<number, number>()

  constructor(instrument: SimulatedInstrument, random: Random, fundingRate: number) {
    this.#instrument = instrument
    this.#ticks = instrument.startTicks
    this.#random = random
    this.#fundingRate = fundingRate
  }

  /** Price of the last print. */
  get ticks(): number {
    return this.#ticks
  }

  /** The next step begins this far away: through whatever stands between. */
  jump(ticks: number): void {
    this.#ticks += ticks
  }

  /** Everything that happens in the step that ends at `time`. */
  step(time: number): MarketEvent[] {
    const { drift, noise } = this.mood
    this.#ticks = Math.max(1_000, Math.round(this.#ticks + drift + noise * this.#random.normal()))
    const events: MarketEvent[] = [this.#depth(time), ...this.#prints(time)]
    const price = Number(priceOf(this.#instrument, this.#ticks))
    if (this.#steps++ % MARK_EVERY === 0)
      events.push({
        kind: 'mark',
        symbol: this.#instrument.symbol,
        time,
        markPrice: price,
        indexPrice: price,
        fundingRate: this.#fundingRate,
        nextFundingTime: (Math.floor(time / HOUR_MS) + 1) * HOUR_MS,
      })
    return events
  }

  #prints(time: number): MarketEvent[] {
    const count = this.#random.integer(1, 3)
    return Array.from({ length: count }, (_, index) => {
      const maker = this.#random.chance(0.5) ? 1 : 0
      return {
        kind: 'trade' as const,
        symbol: this.#instrument.symbol,
        id: this.#tradeId++,
        priceTicks: this.#ticks + (maker === 1 ? -1 : 1),
        quantityLots: this.#random.integer(1, 400) * this.#instrument.scale,
        time: time - count + 1 + index,
        maker,
        excluded: false,
      }
    })
  }

  #levels(sign: 1 | -1): Map<number, number> {
    return new Map(
      Array.from({ length: LEVELS }, (_, level) => [
        this.#ticks + sign * (1 + level * 3),
        this.#random.integer(5, 120) * (level + 1) * this.#instrument.scale,
      ]),
    )
  }

  /** The whole book first, then what changed: levels that are gone with a quantity of 0. */
  #depth(time: number): DepthEvent {
    const bids = this.#levels(-1)
    const asks = this.#levels(1)
    const first = this.#updateId === 1
    const [bidTicks, bidLots] = changes(bids, this.#bids)
    const [askTicks, askLots] = changes(asks, this.#asks)
    this.#bids = bids
    this.#asks = asks
    const previous = this.#updateId - 1
    const firstId = this.#updateId
    this.#updateId += 3
    return {
      kind: 'depth',
      symbol: this.#instrument.symbol,
      snapshot: first,
      firstId: first ? 1 : firstId,
      lastId: this.#updateId - 1,
      previousId: first ? null : previous,
      time,
      bidTicks,
      bidLots,
      askTicks,
      askLots,
    }
  }
}
