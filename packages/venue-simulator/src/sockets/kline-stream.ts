import type { Kline, KlineInterval } from '../exchange/index.ts'
import type { Payload } from '../faults/index.ts'
import { Beat } from './beat.ts'
import type { MarketView } from './market-view.ts'
import type { StreamPublisher } from './stream-publisher.ts'

const EVERY_MS = 250
/** Candles that ended while nobody looked at the clock; older ones are left to REST. */
const CLOSED_MAX = 5

/** How a stream is called, of what it tells, and how. */
export type KlineStreamOf = {
  readonly name: string
  readonly symbol: string
  readonly interval: KlineInterval
  readonly payload: (kline: Kline, at: number) => Payload
}

type Watched = Pick<Kline, 'openTime' | 'closeTime'>

/** Candles of one interval: every 250 ms while they change, and once more, final, when they are over. */
export class KlineStream {
  readonly #of: KlineStreamOf
  readonly #view: MarketView
  readonly #publisher: StreamPublisher
  readonly #beat = new Beat(EVERY_MS, () => this.#tell())
  /** The candle that was open when this last looked. */
  #open: Watched | null

  constructor(of: KlineStreamOf, view: MarketView, publisher: StreamPublisher) {
    this.#of = of
    this.#view = view
    this.#publisher = publisher
    this.#open = this.#after(this.#latest(1).at(-1))
  }

  get due(): number | null {
    const end = this.#open === null ? null : this.#open.closeTime + 1
    const changed = this.#beat.due
    return end === null || (changed !== null && changed < end) ? changed : end
  }

  traded(time: number): void {
    this.#beat.touch(time)
  }

  run(time: number): void {
    if (this.#open === null || time <= this.#open.closeTime) {
      this.#beat.run(time)
      return
    }
    this.#beat.reset()
    this.#tell()
  }

  #latest(limit: number): readonly Kline[] {
    return this.#view.klines(this.#of.symbol, this.#of.interval, limit)
  }

  #tell(): void {
    const since = this.#open?.openTime ?? 0
    const at = this.#publisher.time
    const news = this.#latest(CLOSED_MAX + 1).filter(({ openTime }) => openTime >= since)
    for (const kline of news) {
      const isOver = at > kline.closeTime
      this.#publisher.publish(this.#of.name, () =>
        this.#of.payload(isOver ? { ...kline, closed: true } : kline, at),
      )
    }
    if (news.length > 0) this.#open = this.#after(news.at(-1))
  }

  /** The candle to watch once `last` was told: a view that has no newer one gets it with its next trade. */
  #after(last: Kline | undefined): Watched | null {
    if (last === undefined || this.#publisher.time <= last.closeTime) return last ?? null
    return { openTime: last.closeTime + 1, closeTime: Infinity }
  }
}
