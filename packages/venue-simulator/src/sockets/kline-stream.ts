import type { Kline, KlineInterval } from '../exchange/index.ts'
import { Beat } from './beat.ts'
import { klinePayload } from './market-payloads.ts'
import type { MarketView } from './market-view.ts'
import type { StreamPublisher } from './stream-publisher.ts'

const EVERY_MS = 250
/** Candles that ended while nobody looked at the clock; older ones are left to REST. */
const CLOSED_MAX = 5

/** Candles of one interval: every 250 ms while they change, and once more, final, when they are over. */
export class KlineStream {
  readonly #name: string
  readonly #symbol: string
  readonly #interval: KlineInterval
  readonly #view: MarketView
  readonly #publisher: StreamPublisher
  readonly #beat = new Beat(EVERY_MS, () => this.#tell())
  /** The candle that was open when this last looked. */
  #open: { readonly openTime: number; readonly closeTime: number } | null

  constructor(
    symbol: string,
    interval: KlineInterval,
    view: MarketView,
    publisher: StreamPublisher,
  ) {
    this.#name = `${symbol.toLowerCase()}@kline_${interval}`
    this.#symbol = symbol
    this.#interval = interval
    this.#view = view
    this.#publisher = publisher
    this.#open = this.#latest(1).at(-1) ?? null
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
    if (this.#open !== null && time > this.#open.closeTime) this.#tell()
    else this.#beat.run(time)
  }

  #latest(limit: number): readonly Kline[] {
    return this.#view.klines(this.#symbol, this.#interval, limit)
  }

  #tell(): void {
    const since = this.#open?.openTime ?? 0
    const at = this.#publisher.time
    const news = this.#latest(CLOSED_MAX + 1).filter(({ openTime }) => openTime >= since)
    for (const kline of news) {
      const isOver = at > kline.closeTime
      this.#publisher.publish(this.#name, () =>
        klinePayload(isOver ? { ...kline, closed: true } : kline, at),
      )
    }
    const last = news.at(-1)
    // A view that has not seen the new candle yet: nothing more is due until a trade opens it.
    this.#open = last === undefined || at > last.closeTime ? null : last
    if (last !== undefined && this.#open === null)
      this.#open = { openTime: last.closeTime + 1, closeTime: Infinity }
  }
}
