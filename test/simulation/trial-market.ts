import { Random, type MarketEvent } from '@tapedeck/core'
import type { SimulatedVenue } from '@tapedeck/venue-simulator'
import type { Leg, Trial } from './draw-trial.ts'
import { instrumentOf } from './instruments.ts'
import type { MarketDelivery } from './market-delivery.ts'
import { PricePath, STEP_MS } from './price-path.ts'
import type { VirtualTime } from './virtual-time.ts'

/** The markets of a trial: they move as it was drawn, at the venue at once and on the tape a little later. */
export class TrialMarket {
  readonly #paths: ReadonlyMap<string, { readonly leg: Leg; readonly path: PricePath }>
  readonly #time: VirtualTime
  readonly #venue: SimulatedVenue
  readonly #delivery: MarketDelivery

  constructor(
    trial: Trial,
    random: Random,
    parts: {
      readonly time: VirtualTime
      readonly venue: SimulatedVenue
      readonly delivery: MarketDelivery
    },
  ) {
    this.#time = parts.time
    this.#venue = parts.venue
    this.#delivery = parts.delivery
    this.#paths = new Map(
      trial.legs.map((leg, index) => {
        const own = index === 0 ? random : new Random(trial.seed ^ (0x1f123bb5 * index))
        const path = new PricePath(instrumentOf(leg.symbol), own, trial.fundingRate)
        return [leg.symbol, { leg, path }]
      }),
    )
  }

  ticksOf(symbol: string): number {
    return this.#paths.get(symbol)?.path.ticks ?? 0
  }

  start(): void {
    const step = (): void => {
      const now = this.#time.now()
      const events = [...this.#paths.values()].flatMap(({ path }) => path.step(now))
      this.#venue.applyMarket(events)
      this.#delivery.take(this.#asShown(events))
      this.#time.after(STEP_MS, step)
    }
    step()
    this.#delivery.start()
    for (const { leg, path } of this.#paths.values()) {
      for (const { at, mood } of leg.moods)
        this.#time.after(at, () => {
          path.mood = mood
        })
      for (const { at, ticks } of leg.jumps) this.#time.after(at, () => path.jump(ticks))
    }
  }

  /** Prints and marks bear the time of the venue's clock, which may not be ours. */
  #asShown(events: readonly MarketEvent[]): readonly MarketEvent[] {
    const ahead = this.#venue.shownTime - this.#venue.time
    if (ahead === 0) return events
    return events.map((one) =>
      'time' in one && one.time !== null ? { ...one, time: one.time + ahead } : one,
    )
  }
}
