import type { Json } from '../decider.ts'
import { VolumeProfile, type ValueArea } from '../indicators/index.ts'
import type { FootprintLevel } from './bin-volumes.ts'
import { dayStartOf, weekStartOf } from './period-start.ts'

export type ProfilePeriod = 'session' | 'day' | 'week'

/** A finished session's point of control that price has not come back to. */
export type NakedPoc = { readonly sessionStartedAt: number; readonly pocTicks: number }

/** Prices of a value area. The POC is the middle of its bin; the area reaches to the outer edges of its bins. */
export type ProfilePrices = {
  readonly pocTicks: number
  readonly vahTicks: number
  readonly valTicks: number
  readonly volumeLots: number
}

export const pocTicksOf = (bin: number, width: number): number =>
  bin * width + Math.floor(width / 2)

export const profilePrices = (area: ValueArea, width: number): ProfilePrices => ({
  pocTicks: pocTicksOf(area.pocBin, width),
  vahTicks: (area.highBin + 1) * width - 1,
  valTicks: area.lowBin * width,
  volumeLots: area.volumeLots,
})

type Finished = { area: ValueArea | null; index: number }
type Saved = {
  session: Json
  day: Json
  week: Json
  dayStart: number
  weekStart: number
  previous: ValueArea | null
  naked: { index: number; sessionStartedAt: number; pocTicks: number }[]
  index: number
}

/** Volume profiles of the session, the UTC day and the week (from Monday), and the naked POCs of past sessions. */
export class Profiles {
  readonly #fraction: number
  readonly #nakedMax: number
  readonly #width: number
  readonly #of: Record<ProfilePeriod, VolumeProfile> = {
    session: new VolumeProfile(),
    day: new VolumeProfile(),
    week: new VolumeProfile(),
  }
  #dayStart = 0
  #weekStart = 0
  #previous: Finished['area'] = null
  #naked: Saved['naked'] = []
  #index = 0

  constructor(width: number, valueAreaFraction: number, nakedMax: number) {
    this.#width = width
    this.#fraction = valueAreaFraction
    this.#nakedMax = nakedMax
  }

  /** Folds what traded in the 15 s from `openTime`, between two prices, into the profiles. */
  fold(
    openTime: number,
    levels: readonly FootprintLevel[],
    lowTicks: number,
    highTicks: number,
  ): void {
    if (dayStartOf(openTime) !== this.#dayStart) this.#of.day.clear()
    if (weekStartOf(openTime) !== this.#weekStart) this.#of.week.clear()
    this.#dayStart = dayStartOf(openTime)
    this.#weekStart = weekStartOf(openTime)
    for (const { bin, buyLots, sellLots } of levels) {
      const lots = buyLots + sellLots
      this.#of.session.add(bin, lots)
      this.#of.day.add(bin, lots)
      this.#of.week.add(bin, lots)
    }
    this.#naked = this.#naked.filter(({ pocTicks }) => pocTicks < lowTicks || pocTicks > highTicks)
  }

  /** The session that began at `startedAt` is over. */
  endSession(startedAt: number): void {
    const area = this.#of.session.valueArea(this.#fraction)
    this.#index++
    if (area !== null) {
      this.#previous = area
      const pocTicks = pocTicksOf(area.pocBin, this.#width)
      this.#naked.push({ index: this.#index, sessionStartedAt: startedAt, pocTicks })
    }
    this.#naked = this.#naked.filter(({ index }) => index > this.#index - this.#nakedMax)
    this.#of.session.clear()
  }

  /** The developing profile of a period, as of the last fold. Changing it changes the measures: copy first. */
  of(period: ProfilePeriod): VolumeProfile {
    return this.#of[period]
  }

  prices(period: ProfilePeriod): ProfilePrices | null {
    const area = this.#of[period].valueArea(this.#fraction)
    return area === null ? null : profilePrices(area, this.#width)
  }

  /** Of the last finished session that traded, or null. */
  previousPrices(): ProfilePrices | null {
    return this.#previous === null ? null : profilePrices(this.#previous, this.#width)
  }

  nakedPocs(): NakedPoc[] {
    return this.#naked.map(({ sessionStartedAt, pocTicks }) => ({ sessionStartedAt, pocTicks }))
  }

  snapshot(): Json {
    return {
      session: this.#of.session.snapshot(),
      day: this.#of.day.snapshot(),
      week: this.#of.week.snapshot(),
      dayStart: this.#dayStart,
      weekStart: this.#weekStart,
      previous: this.#previous === null ? null : { ...this.#previous },
      naked: this.#naked.map((poc) => ({ ...poc })),
      index: this.#index,
    }
  }

  restore(json: Json): void {
    const saved = json as unknown as Saved
    this.#of.session.restore(saved.session)
    this.#of.day.restore(saved.day)
    this.#of.week.restore(saved.week)
    this.#dayStart = saved.dayStart
    this.#weekStart = saved.weekStart
    this.#previous = saved.previous
    this.#naked = saved.naked.map((poc) => ({ ...poc }))
    this.#index = saved.index
  }
}
