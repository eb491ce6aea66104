import type { Json } from '../decider.ts'
import { WilderAtr } from '../indicators/index.ts'
import { RollingChannel } from '../strategy/index.ts'
import type { Channel, LastS1Trade } from './decisions.ts'
import { stopOf, type Direction } from './formulas.ts'
import type { TurtleRules } from './rules.ts'

/** A day in the quote asset. */
export type Day = {
  readonly at: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** N of a day and what it was made from. */
export type NValue = {
  readonly value: number
  readonly at: number
  readonly prev_n: number | null
  readonly true_range: number
}

type Channels = {
  readonly s1Entry: Channel | null
  readonly s2Entry: Channel | null
  readonly s1Exit: Channel | null
  readonly s2Exit: Channel | null
}

/** A trade that the S1 rules would be in, taken or not: rule 7 looks at how the last one ended. */
type Shadow = {
  readonly direction: Direction
  readonly entry_at: number
  readonly entry_price: number
  readonly n: number
  readonly stop: number
}

type MarketJson = {
  channels: Json[]
  atr: Json
  seedRanges: number
  days: number
  n: NValue | null
  latest: Channels | null
  before: Channels | null
  shadow: Shadow | null
  lastS1: LastS1Trade | null
}

/**
 * One market by the day: N, the four channels with and without the latest day, and the S1 trades that
 * rule 7 judges by. Days come one at a time, oldest first.
 */
export class TurtleMarket {
  readonly #rules: TurtleRules
  readonly #rolling: readonly RollingChannel[]
  readonly #atr: WilderAtr
  #seedRanges: number
  #days: number
  #n: NValue | null
  #latest: Channels | null
  #before: Channels | null
  #shadow: Shadow | null
  #lastS1: LastS1Trade | null

  constructor(rules: TurtleRules, snapshot?: Json) {
    const saved = snapshot as MarketJson | undefined
    this.#rules = rules
    this.#rolling = [rules.s1Entry, rules.s2Entry, rules.s1Exit, rules.s2Exit].map(
      (days, i) => new RollingChannel(days, saved?.channels[i]),
    )
    this.#atr = new WilderAtr(rules.nPeriod)
    if (saved !== undefined) this.#atr.restore(saved.atr)
    this.#seedRanges = saved?.seedRanges ?? 0
    this.#days = saved?.days ?? 0
    this.#n = saved?.n ?? null
    this.#latest = saved?.latest ?? null
    this.#before = saved?.before ?? null
    this.#shadow = saved?.shadow ?? null
    this.#lastS1 = saved?.lastS1 ?? null
  }

  /** Of the latest day; null while it is not known. */
  get n(): NValue | null {
    return this.#n
  }

  /** Channels over the days before `today`: the latest day is today, or it is over and counts. */
  channels(latestIsToday: boolean): Channels | null {
    return latestIsToday ? this.#before : this.#latest
  }

  get lastS1(): LastS1Trade | null {
    return this.#lastS1
  }

  /** Way of the S1 trade that the rules would be in; null when flat. */
  get shadowDirection(): Direction | null {
    return this.#shadow?.direction ?? null
  }

  onDay(day: Day): void {
    this.#before = this.#latest
    for (const channel of this.#rolling) channel.push(day.high, day.low)
    const [s1Entry, s2Entry, s1Exit, s2Exit] = this.#rolling.map(channelOf) as [
      Channel | null,
      Channel | null,
      Channel | null,
      Channel | null,
    ]
    this.#latest = { s1Entry, s2Entry, s1Exit, s2Exit }
    this.#updateN(day)
    this.#days++
  }

  #updateN(day: Day): void {
    const previous = this.#atr.value
    this.#atr.update(day.high, day.low, day.close)
    const range = this.#atr.trueRange
    if (range === null) return
    if (this.#rules.nSeed === 'published') this.#seedAsPublished(range)
    const value = this.#atr.value
    if (value !== null) this.#n = { value, at: day.at, prev_n: previous, true_range: range }
  }

  /** The reference trades start N at row 20 with the mean of the 19 ranges before it, and leave that row's out. */
  #seedAsPublished(range: number): void {
    const period = this.#rules.nPeriod
    if (this.#days < period) this.#seedRanges += range
    else if (this.#days === period) {
      const value = this.#seedRanges / (period - 1)
      this.#atr.restore({ ...(this.#atr.snapshot() as { [key: string]: Json }), value })
    }
  }

  /**
   * Follows the S1 trade that the rules would be in at a price: out at the stop or beyond the exit
   * channel, in at a breakout. `exit` and `breakout` are those of the moment.
   */
  followS1(at: number, price: number, exit: Channel | null): void {
    const shadow = this.#shadow
    if (shadow === null) return
    const long = shadow.direction === 'LONG'
    const stopped = long ? price <= shadow.stop : price >= shadow.stop
    const left = exit !== null && (long ? price < exit.low : price > exit.high)
    if (!stopped && !left) return
    const made = (price - shadow.entry_price) * (long ? 1 : -1)
    this.#shadow = null
    this.#lastS1 = {
      direction: shadow.direction,
      entry_at: shadow.entry_at,
      exit_at: at,
      entry_price: shadow.entry_price,
      exit_price: price,
      result: !stopped && made > 0 ? 'winner' : 'loser',
      pnl_in_n: made / shadow.n,
    }
  }

  enterS1(direction: Direction, at: number, price: number, n: number): void {
    const { price: stop } = stopOf({
      direction,
      entry_price: price,
      n,
      stop_multiplier: this.#rules.stopMultiplier,
    })
    this.#shadow = { direction, entry_at: at, entry_price: price, n, stop }
  }

  snapshot(): Json {
    const json: MarketJson = {
      channels: this.#rolling.map((channel) => channel.snapshot()),
      atr: this.#atr.snapshot(),
      seedRanges: this.#seedRanges,
      days: this.#days,
      n: this.#n,
      latest: this.#latest,
      before: this.#before,
      shadow: this.#shadow,
      lastS1: this.#lastS1,
    }
    return JSON.parse(JSON.stringify(json)) as Json
  }
}

const channelOf = (channel: RollingChannel): Channel | null =>
  channel.isFull ? { high: channel.high, low: channel.low, period: channel.period } : null
