import type { Random } from './random.ts'

const DAY_MS = 86_400_000
/** When trade is busiest (UTC), and by how much the day swings around its mean. */
const BUSIEST_HOUR = 15
const DAY_SWING = 0.3

/** What makes a market restless, from a minute to most of a day: how long it halves, ms, and how far it swings log volatility. */
const COMPONENTS: readonly { readonly halfLifeMs: number; readonly deviation: number }[] = [
  { halfLifeMs: 60_000, deviation: 0.26 },
  { halfLifeMs: 480_000, deviation: 0.28 },
  { halfLifeMs: 3_600_000, deviation: 0.32 },
  { halfLifeMs: 28_800_000, deviation: 0.28 },
]
const LOG_MAX = 1.4

/** Orders excite orders: how many each brings on the average, and how long they take, ms. */
const EXCITED: readonly { readonly orders: number; readonly meanMs: number }[] = [
  { orders: 0.45, meanMs: 150 },
  { orders: 0.08, meanMs: 6000 },
]
/** Every order is the ancestor of so many: 1 / (1 - 0.53). */
const FAMILY = 1 / (1 - EXCITED.reduce((sum, { orders }) => sum + orders, 0))
/** Excited orders are at most so many times the base rate. */
const EXCITED_MAX = 12
const RATE_POWER = 1.2
const IMPACT_POWER = 0.4

/**
 * How restless the market is. Volatility is a product of components that live from a minute to most of
 * a day, so its clusters have no one length (Calvet and Fisher, 2004; Corsi, 2009); orders excite orders
 * (Hawkes, 1971), so they come in bursts; a day has its busy hours. More volatility is more orders and more
 * impact of each.
 */
export class Activity {
  readonly #random: Random
  readonly #baseRate: number
  readonly #restless: number[]
  readonly #keep: number[]
  readonly #fade: number[]
  readonly #excited = EXCITED.map(() => 0)
  #volatility = 1

  /** `stepMs`: how often `step` is called. `ordersPerSecond`: without excitement, in a calm hour. */
  constructor(random: Random, ordersPerSecond: number, stepMs: number) {
    this.#random = random
    this.#baseRate = ordersPerSecond
    this.#restless = COMPONENTS.map(({ deviation }) => random.normal() * deviation)
    this.#keep = COMPONENTS.map(({ halfLifeMs }) => 0.5 ** (stepMs / halfLifeMs))
    this.#fade = EXCITED.map(({ meanMs }) => Math.exp(-stepMs / meanMs))
  }

  /** Mean orders a second over long, for a base rate of 1. */
  static readonly meanOrders = FAMILY

  /** Deviation of returns now, in multiples of what it is in a calm hour. */
  get volatility(): number {
    return this.#volatility
  }

  /** Impact of an order in multiples of the ordinary. */
  get impact(): number {
    return this.#volatility ** IMPACT_POWER
  }

  /** One order more: others follow. */
  excite(): void {
    for (const [i, { orders, meanMs }] of EXCITED.entries())
      this.#excited[i] = Math.min(
        EXCITED_MAX * this.#baseRate,
        this.#excited[i]! + (orders * 1000) / meanMs,
      )
  }

  /** Time goes on by a step. Orders a second to expect in it. */
  step(time: number): number {
    let log = 0
    for (const [i, keep] of this.#keep.entries()) {
      const noise = COMPONENTS[i]!.deviation * Math.sqrt(1 - keep * keep)
      this.#restless[i] = this.#restless[i]! * keep + this.#random.normal() * noise
      log += this.#restless[i]
    }
    const ofDay = (time % DAY_MS) / DAY_MS - BUSIEST_HOUR / 24
    const day = 1 + DAY_SWING * Math.cos(2 * Math.PI * ofDay)
    this.#volatility = Math.exp(Math.max(-LOG_MAX, Math.min(LOG_MAX, log))) * Math.sqrt(day)
    let rate = this.#baseRate * this.#volatility ** RATE_POWER
    for (const [i, fade] of this.#fade.entries()) {
      this.#excited[i]! *= fade
      rate += this.#excited[i]!
    }
    return rate
  }
}
