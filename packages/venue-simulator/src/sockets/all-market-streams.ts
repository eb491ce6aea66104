import type { DayTicker, PublicEvent } from '../exchange/index.ts'
import type { Payload } from '../faults/index.ts'
import { Beat, earlier } from './beat.ts'
import { markPayload, miniTickerPayload, tickerPayload } from './market-payloads.ts'
import type { MarketView } from './market-view.ts'
import type { StreamPublisher } from './stream-publisher.ts'
import type { SymbolStreams } from './symbol-streams.ts'

const TICKER_MS = 1000

export type SavedAllMarket = {
  readonly marks: readonly (number | null)[]
  readonly tickers: number | null
  readonly traded: readonly string[]
}

/** Streams of all symbols in one array: marks every one and three seconds, tickers that changed. */
export class AllMarketStreams {
  readonly #symbols: readonly SymbolStreams[]
  readonly #view: MarketView
  readonly #publisher: StreamPublisher
  readonly #marks: readonly Beat[]
  readonly #tickers: Beat
  readonly #traded = new Set<string>()

  constructor(symbols: readonly SymbolStreams[], view: MarketView, publisher: StreamPublisher) {
    this.#symbols = symbols
    this.#view = view
    this.#publisher = publisher
    this.#marks = [
      new Beat(1000, (at) => this.#tellMarks('!markPrice@arr@1s', at)),
      new Beat(3000, (at) => this.#tellMarks('!markPrice@arr', at)),
    ]
    this.#tickers = new Beat(TICKER_MS, (at) => this.#tellTickers(at))
  }

  snapshot(): SavedAllMarket {
    return {
      marks: this.#marks.map(({ due }) => due),
      tickers: this.#tickers.due,
      traded: [...this.#traded],
    }
  }

  restore(saved: SavedAllMarket): void {
    this.#marks.forEach((beat, i) => beat.resume(saved.marks[i] ?? null))
    this.#tickers.resume(saved.tickers)
    for (const symbol of saved.traded) this.#traded.add(symbol)
  }

  get due(): number | null {
    let due = this.#tickers.due
    for (const beat of this.#marks) due = earlier(due, beat.due)
    return due
  }

  run(time: number): void {
    for (const beat of [...this.#marks, this.#tickers]) beat.run(time)
  }

  touch(event: PublicEvent): void {
    if (event.kind === 'mark') for (const beat of this.#marks) beat.touch(event.time)
    if (event.kind !== 'trade' || event.trade.excluded) return
    this.#traded.add(event.trade.symbol)
    this.#tickers.touch(event.time)
  }

  #tellMarks(stream: string, at: number): void {
    this.#publish(stream, () =>
      this.#symbols.flatMap(({ mark }) =>
        mark === null ? [] : [markPayload(mark.premium, mark.average, at)],
      ),
    )
    for (const beat of this.#marks) beat.touch(at)
  }

  #tellTickers(at: number): void {
    const streams = ['!ticker@arr', '!miniTicker@arr'] as const
    if (streams.some((stream) => this.#publisher.hasListeners(stream))) {
      const tickers = [...this.#traded]
        .map((symbol) => this.#view.dayTicker(symbol))
        .filter((ticker): ticker is DayTicker => ticker !== null)
      this.#publish(streams[0], () => tickers.map((ticker) => tickerPayload(ticker, at)))
      this.#publish(streams[1], () => tickers.map((ticker) => miniTickerPayload(ticker, at)))
    }
    this.#traded.clear()
  }

  /** An array is a payload like every other; the type of payloads says record. */
  #publish(stream: string, make: () => readonly Payload[]): void {
    this.#publisher.publish(stream, () => make() as unknown as Payload)
  }
}
