import {
  KLINE_INTERVALS,
  type Kline,
  type KlineInterval,
  type LiquidationView,
  type PremiumIndex,
  type PublicEvent,
} from '../exchange/index.ts'
import { Beat, earlier } from './beat.ts'
import { DepthBatch } from './depth-batch.ts'
import { KlineStream } from './kline-stream.ts'
import { MarkAverage, type SavedMarks } from './mark-average.ts'
import type { MarketView } from './market-view.ts'
import {
  aggTradePayload,
  bookTickerPayload,
  continuousKlinePayload,
  depthPayload,
  forceOrderPayload,
  klinePayload,
  markPayload,
  miniTickerPayload,
  tickerPayload,
  tradePayload,
  type DepthPayloadParts,
} from './market-payloads.ts'
import type { StreamPublisher } from './stream-publisher.ts'

/** Cadence of book streams, with the ends of the names that have it. */
const DEPTH_CADENCES: readonly (readonly [everyMs: number, suffixes: readonly string[]])[] = [
  [100, ['@100ms']],
  [250, ['', '@250ms']],
  [500, ['@500ms']],
]
const PARTIAL_LEVELS = [5, 10, 20] as const
const TICKER_MS = 2000
const LIQUIDATION_MS = 1000

/** `btcusdt@kline_1m`, or by pair and kind of contract: `btcusdt_perpetual@continuousKline_1m`. */
const CANDLES = /^[a-z0-9]+_?(\w*)@(kline|continuousKline)_(\w+)$/

const isInterval = (text: string): text is KlineInterval =>
  (KLINE_INTERVALS as readonly string[]).includes(text)

export type SavedSymbolStreams = {
  readonly beats: readonly (number | null)[]
  readonly depths: readonly (DepthPayloadParts | null)[]
  readonly marks: SavedMarks
  readonly mark: PremiumIndex | null
  readonly liquidation: LiquidationView | null
}

/** The streams of one symbol: each at the venue's cadence, from the exchange's events (§1.4). */
export class SymbolStreams {
  readonly symbol: string
  readonly #name: string
  readonly #view: MarketView
  readonly #publisher: StreamPublisher
  readonly #beats: Beat[] = []
  readonly #depths: { readonly batch: DepthBatch; readonly beat: Beat }[]
  readonly #markBeats: readonly Beat[]
  readonly #liquidations: Beat
  readonly #ticker: Beat
  readonly #klines = new Map<string, KlineStream>()
  readonly #average = new MarkAverage()
  #mark: PremiumIndex | null = null
  #liquidation: LiquidationView | null = null

  constructor(symbol: string, view: MarketView, publisher: StreamPublisher) {
    this.symbol = symbol
    this.#name = symbol.toLowerCase()
    this.#view = view
    this.#publisher = publisher
    this.#depths = DEPTH_CADENCES.map(([everyMs, suffixes]) => {
      const batch = new DepthBatch(symbol)
      return { batch, beat: this.#beat(everyMs, (at) => this.#tellDepth(batch, suffixes, at)) }
    })
    this.#markBeats = [
      this.#beat(1000, (at) => this.#tellMark('@markPrice@1s', at)),
      this.#beat(3000, (at) => this.#tellMark('@markPrice', at)),
    ]
    this.#liquidations = this.#beat(LIQUIDATION_MS, (at) => this.#tellLiquidation(at))
    this.#ticker = this.#beat(TICKER_MS, (at) => this.#tellTicker(at))
  }

  /** What is to be told and was not. Candles are watched anew by whoever asks for them. */
  snapshot(): SavedSymbolStreams {
    return {
      beats: this.#beats.map(({ due }) => due),
      depths: this.#depths.map(({ batch }) => batch.snapshot()),
      marks: this.#average.snapshot(),
      mark: this.#mark,
      liquidation: this.#liquidation,
    }
  }

  restore(saved: SavedSymbolStreams): void {
    this.#beats.forEach((beat, i) => beat.resume(saved.beats[i] ?? null))
    this.#depths.forEach(({ batch }, i) => {
      const waiting = saved.depths[i] ?? null
      if (waiting !== null) batch.add(waiting)
    })
    this.#average.restore(saved.marks)
    this.#mark = saved.mark
    this.#liquidation = saved.liquidation
  }

  /** The mark as it was told last, with its average; null before the first. */
  get mark(): { readonly premium: PremiumIndex; readonly average: string } | null {
    return this.#mark === null ? null : { premium: this.#mark, average: this.#average.text }
  }

  /** When something is to be told by the mere passing of time; null when nothing is. */
  get due(): number | null {
    let due: number | null = null
    for (const beat of this.#beats) due = earlier(due, beat.due)
    for (const kline of this.#klines.values()) due = earlier(due, kline.due)
    return due
  }

  /** Tells what is due at `time`. */
  run(time: number): void {
    for (const beat of this.#beats) beat.run(time)
    for (const kline of this.#klines.values())
      if (kline.due !== null && kline.due <= time) kline.run(time)
  }

  /** Someone listens to a stream of this symbol from now on. Candles are only watched when asked for. */
  watch(stream: string): void {
    const [, contract, kind, interval] = CANDLES.exec(stream) ?? []
    if (interval === undefined || this.#klines.has(stream) || !isInterval(interval)) return
    const payload =
      kind === 'kline'
        ? klinePayload
        : (kline: Kline, at: number) => continuousKlinePayload(kline, contract ?? '', at)
    const of = { name: stream, symbol: this.symbol, interval, payload }
    this.#klines.set(stream, new KlineStream(of, this.#view, this.#publisher))
  }

  /** Nobody listens to it any longer. */
  unwatch(stream: string): void {
    this.#klines.delete(stream)
  }

  /** Takes a public event of this symbol. What was due before it has been told. */
  take(event: PublicEvent): void {
    const { time } = event
    const publish = this.#publisher.publish.bind(this.#publisher)
    if (event.kind === 'trade') {
      publish(`${this.#name}@trade`, () => tradePayload(event.trade, this.#publisher.time))
      if (event.trade.excluded) return
      for (const kline of this.#klines.values()) kline.traded(time)
      this.#ticker.touch(time)
    } else if (event.kind === 'aggregate_trade')
      publish(`${this.#name}@aggTrade`, () => aggTradePayload(event.trade, this.#publisher.time))
    else if (event.kind === 'depth')
      for (const { batch, beat } of this.#depths) {
        batch.add(event)
        beat.touch(time)
      }
    else if (event.kind === 'book_ticker')
      for (const stream of [`${this.#name}@bookTicker`, '!bookTicker'])
        publish(stream, () => bookTickerPayload(event.ticker, this.#publisher.time))
    else if (event.kind === 'mark') this.#takeMark(event.premium, time)
    else if (event.kind === 'liquidation') {
      // A sample: the last one of a second stands for all of it.
      this.#liquidation = event.liquidation
      this.#liquidations.touch(time)
    }
  }

  #beat(everyMs: number, tell: (at: number) => void): Beat {
    const beat = new Beat(everyMs, tell)
    this.#beats.push(beat)
    return beat
  }

  #takeMark(premium: PremiumIndex, time: number): void {
    this.#mark = premium
    this.#average.push(premium.markPrice, premium.time)
    for (const beat of this.#markBeats) beat.touch(time)
  }

  #tellDepth(batch: DepthBatch, suffixes: readonly string[], at: number): void {
    const changes = batch.take()
    if (changes === null) return
    for (const suffix of suffixes) {
      this.#publisher.publish(`${this.#name}@depth${suffix}`, () => depthPayload(changes, at))
      for (const levels of PARTIAL_LEVELS) {
        const stream = `${this.#name}@depth${levels}${suffix}`
        if (!this.#publisher.hasListeners(stream)) continue
        const book = this.#view.book(this.symbol, levels)
        if (book === null) continue
        const { lastUpdateId: lastId, bids, asks } = book
        this.#publisher.publish(stream, () =>
          depthPayload({ ...changes, lastId: Math.max(lastId, changes.lastId), bids, asks }, at),
        )
      }
    }
  }

  #tellMark(suffix: string, at: number): void {
    const mark = this.#mark
    if (mark === null) return
    this.#publisher.publish(`${this.#name}${suffix}`, () =>
      markPayload(mark, this.#average.text, at),
    )
    // Told again and again, whether or not it changed.
    for (const beat of this.#markBeats) beat.touch(at)
  }

  #tellLiquidation(at: number): void {
    const liquidation = this.#liquidation
    this.#liquidation = null
    if (liquidation === null) return
    this.#publisher.publish(`${this.#name}@forceOrder`, () =>
      forceOrderPayload(liquidation, at, false),
    )
    this.#publisher.publish('!forceOrder@arr', () => forceOrderPayload(liquidation, at, true))
  }

  #tellTicker(at: number): void {
    const names = [`${this.#name}@ticker`, `${this.#name}@miniTicker`] as const
    if (!names.some((name) => this.#publisher.hasListeners(name))) return
    const ticker = this.#view.dayTicker(this.symbol)
    if (ticker === null) return
    this.#publisher.publish(names[0], () => tickerPayload(ticker, at))
    this.#publisher.publish(names[1], () => miniTickerPayload(ticker, at))
  }
}
