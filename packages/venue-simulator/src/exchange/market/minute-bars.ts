const MINUTE = 60_000
/** Eight days of minutes. */
const KEPT_MAX = 11_520

/** A minute of trades, in ticks, lots and tick-lots. Minutes without a trade are not kept. */
export type MinuteBar = {
  readonly openTime: number
  open: number
  high: number
  low: number
  close: number
  lots: number
  tickLots: number
  trades: number
  buyLots: number
  buyTickLots: number
  readonly firstId: number
  lastId: number
}

type BarTrade = {
  readonly id: number
  readonly ticks: number
  readonly lots: number
  readonly time: number
  readonly buyerIsMaker: boolean
}

const FIELDS = [
  'openTime',
  'open',
  'high',
  'low',
  'close',
  'lots',
  'tickLots',
  'trades',
  'buyLots',
  'buyTickLots',
  'firstId',
  'lastId',
] as const satisfies readonly (keyof MinuteBar)[]

export type SavedBar = readonly number[]

/** Trades by the minute: what every longer interval is made of. */
export class MinuteBars {
  readonly #bars: MinuteBar[] = []

  /** Oldest first, as rows: there are thousands of them. */
  snapshot(): readonly SavedBar[] {
    return this.#bars.map((bar) => FIELDS.map((field) => bar[field]))
  }

  static restore(rows: readonly SavedBar[]): MinuteBars {
    const bars = new MinuteBars()
    for (const row of rows)
      bars.#bars.push(
        Object.fromEntries(FIELDS.map((field, i) => [field, row[i]])) as unknown as MinuteBar,
      )
    return bars
  }

  add({ id, ticks, lots, time, buyerIsMaker }: BarTrade): void {
    const bar = this.#barOf(time, ticks, id)
    bar.high = Math.max(bar.high, ticks)
    bar.low = Math.min(bar.low, ticks)
    bar.close = ticks
    bar.lots += lots
    bar.tickLots += ticks * lots
    bar.trades++
    bar.lastId = id
    if (buyerIsMaker) return
    bar.buyLots += lots
    bar.buyTickLots += ticks * lots
  }

  /** A trade that is told late belongs to the minute that is open. */
  #barOf(time: number, ticks: number, id: number): MinuteBar {
    const openTime = time - (time % MINUTE)
    const last = this.#bars.at(-1)
    if (last !== undefined && last.openTime >= openTime) return last
    const bar: MinuteBar = {
      openTime,
      open: ticks,
      high: ticks,
      low: ticks,
      close: ticks,
      lots: 0,
      tickLots: 0,
      trades: 0,
      buyLots: 0,
      buyTickLots: 0,
      firstId: id,
      lastId: id,
    }
    this.#bars.push(bar)
    if (this.#bars.length > KEPT_MAX + 60) this.#bars.splice(0, 60)
    return bar
  }

  /** When the oldest minute opened; null without a trade. */
  get firstTime(): number | null {
    return this.#bars[0]?.openTime ?? null
  }

  /** Close of the last minute that opened before `time`; null when there is none. */
  closeBefore(time: number): number | null {
    return this.#bars[this.#position(time) - 1]?.close ?? null
  }

  /** From the first minute that opens at or after `time`, oldest first. */
  since(time: number): readonly MinuteBar[] {
    return this.#bars.slice(this.#position(time))
  }

  #position(time: number): number {
    let low = 0
    let high = this.#bars.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#bars[middle]!.openTime < time) low = middle + 1
      else high = middle
    }
    return low
  }
}
