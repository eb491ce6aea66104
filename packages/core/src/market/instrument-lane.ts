import { output, type Instrument, type Message, type Output } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { BarBuilder, type BarBuilderOptions } from './bar-builder.ts'
import { BookLane } from './book-lane.ts'
import type {
  BarEvent,
  DepthEvent,
  FeedEvent,
  MarkEvent,
  QuoteEvent,
  TradeEvent,
} from './market-event.ts'
import { FeedRegister } from './feed-register.ts'
import {
  freshState,
  structureOf,
  type LaneCounts,
  type LaneJson,
  type LaneState,
} from './lane-state.ts'
import { TradeBatch, type ColumnKind } from './trade-batch.ts'
import { copyPlain, type TradeRows } from './trade-rows.ts'
import { TradeContinuity } from './trade-continuity.ts'

/** How prints are batched: rows of one batch, rows of a step, and what becomes of the columns. */
export type BatchOptions = {
  readonly batchTrades: number
  readonly stepEvents: number
  readonly columns: ColumnKind
}

export type LaneMessage = Message<
  'market.trades' | 'market.depth' | 'market.mark' | 'market.feed.status'
>

/**
 * One instrument on its way to the tape: continuity, book, bars, the batch being filled.
 * It appends to the list that it is given; when to flush is the composer's decision.
 */
export class InstrumentLane {
  readonly #instrument: Instrument
  readonly #continuity: TradeContinuity
  readonly #bars: BarBuilder
  readonly #book: BookLane
  readonly #feeds: FeedRegister
  readonly #batch: TradeBatch
  #state: LaneState

  constructor(
    instrument: Instrument,
    bars: Omit<BarBuilderOptions, 'instrument'>,
    batches: BatchOptions,
    snapshot?: Json,
  ) {
    const saved = snapshot as unknown as LaneJson | undefined
    this.#instrument = instrument
    this.#continuity = new TradeContinuity(saved?.continuity)
    this.#bars = new BarBuilder({ ...bars, instrument }, saved?.bars)
    this.#feeds = new FeedRegister(instrument, saved?.feeds)
    this.#book = new BookLane(instrument, this.#feeds, saved)
    this.#batch = new TradeBatch(
      instrument,
      batches.batchTrades,
      batches.stepEvents,
      batches.columns,
    )
    this.#state = saved === undefined ? freshState() : structureOf(saved.state)
    if (saved === undefined) return
    this.#batch.restore(saved.state.batch)
    this.#book.version = saved.state.versions.depth
    this.#book.gaps = saved.state.depthGaps
  }

  get symbol(): string {
    return this.#instrument.symbol
  }

  /** Length of the shortest bars. */
  get barMs(): number {
    return this.#bars.baseMs
  }

  get batched(): number {
    return this.#batch.length
  }

  /** Time of the first print in the batch, which bounds how long it may wait. */
  get batchStart(): number | null {
    return this.#batch.startTime
  }

  /** A print. Its time is lifted to `floor` (the last clock) and to the print before, never lowered. */
  trade(event: TradeEvent, floor: number, out: Output[]): void {
    const verdict = this.#continuity.judge(event)
    if (verdict !== 'accept' && verdict !== 'exclude') return
    const state = this.#state
    const gap = this.#continuity.takeGap()
    const time = Math.max(event.time, floor, state.lastTime)
    if (gap > 0) this.#gap(event.id, gap, time, out)
    this.#feeds.up('trades', 'prints arrive', time, out)
    if (time !== event.time) state.retimed++
    state.lastTime = time
    if (gap > 0) this.#batch.gap = gap
    this.#batch.add(event.id, event.priceTicks, event.quantityLots, time, event.maker)
    if (verdict === 'exclude') this.#batch.exclude()
    if (verdict === 'accept')
      this.#bars.addTrade(event.priceTicks, event.quantityLots, event.maker, time)
  }

  /**
   * The other entrance of prints: takes rows from `from` on into the batch and the bars for as long as each
   * is the plain next one (its id follows, its time lies from the last one up to `end`, nothing about it
   * is to be counted, no hole is still to be told), and returns the first row that it did not take. What is not plain is for `trade`.
   */
  takeRun(rows: TradeRows, from: number, to: number, floor: number, end: number): number {
    const { lastId, lastPrice, gap } = this.#continuity
    if (lastId === null || lastPrice === 0 || gap > 0 || !this.#feeds.isUp('trades')) return from
    const start = this.#batch.end
    const next = copyPlain(rows, from, to, this.#batch, {
      id: lastId + 1,
      price: lastPrice,
      time: Math.max(floor, this.#state.lastTime),
      end: Math.min(end, this.#bars.nextClose),
    })
    const count = next - from
    if (count === 0) return from
    const { price, lots, time, maker } = this.#batch
    this.#batch.grow(count)
    this.#continuity.takeRun(count, price[start + count - 1]!)
    this.#state.lastTime = time[start + count - 1]!
    this.#bars.addRun(price, lots, maker, start, start + count, time[start]!)
    return next
  }

  /** Time of the newest print. */
  get lastTime(): number {
    return this.#state.lastTime
  }

  /** Appends the batch being filled, if there is one. */
  flush(out: Output[]): void {
    if (this.#batch.length === 0) return
    const batch = this.#batch.take()
    const version = ++this.#state.versions.trades
    out.push(this.#output('market.trades', version, batch.time.at(-1)!, batch))
  }

  /** A book change or snapshot. What cannot be aligned is not passed on. */
  depth(event: DepthEvent, marketTime: number, out: Output[]): void {
    this.#book.depth(event, marketTime, out)
  }

  quote(event: QuoteEvent): void {
    this.#book.quote(event)
  }

  mark(event: MarkEvent, marketTime: number, out: Output[]): void {
    this.#feeds.up('mark', 'marks arrive', marketTime, out)
    const { venue, symbol } = this.#instrument
    out.push(
      this.#output('market.mark', ++this.#state.versions.mark, event.time, {
        venue,
        symbol,
        mark_price: event.markPrice,
        index_price: event.indexPrice,
        funding_rate: event.fundingRate,
        next_funding_time: event.nextFundingTime,
      }),
    )
  }

  /** A kline of the base timeframe; it is appended when its close is reached. */
  bar(event: BarEvent, marketTime: number, out: Output[]): void {
    const previous = this.#state.lastBarClose
    const { openTime } = event.bar
    if (previous !== null && openTime > previous)
      this.#feeds.tell('trades', 'gap', `no bars from ${previous} to ${openTime}`, marketTime, out)
    this.#bars.addBar(event.bar)
    this.#state.lastBarClose = openTime + this.#bars.baseMs
  }

  /** What the adapter says of its feed. A feed that is not up leaves no book behind. */
  feed(event: FeedEvent, marketTime: number, out: Output[]): void {
    const { channel, status, reason } = event
    if (status === 'up') this.#feeds.up(channel, reason, marketTime, out)
    else
      this.#feeds.tell(channel, status, reason, marketTime, out, [
        event.missingFrom,
        event.missingTo,
      ])
    if (status === 'up' || status === 'stale') return
    if (channel === 'depth') this.#book.forget()
    if (channel === 'trades') this.#bars.taint()
  }

  /** Appends the bars whose boundary is at or before `time`, shortest first. */
  closeBars(time: number, out: Output[]): void {
    const { venue, symbol } = this.#instrument
    for (const bar of this.#bars.closeUntil(time))
      out.push(
        output('market.bar.closed', {
          aggregate_id: `${venue}.${symbol}.${bar.timeframe}.${bar.open_time}`,
          aggregate_version: 1,
          occurred_at: bar.close_time,
          payload: bar,
        }),
      )
  }

  /** Counts on from what is on the tape, after its messages were pushed again. */
  adopt(message: LaneMessage): void {
    const { aggregate_version: version } = message
    if (message.type === 'market.trades') this.#state.versions.trades = version
    else if (message.type === 'market.depth') this.#book.version = version
    else if (message.type === 'market.mark') this.#state.versions.mark = version
    else this.#feeds.adopt(message.payload.channel, version)
  }

  /** Newest trade id that was taken, null before the first. */
  get lastTradeId(): number | null {
    return this.#continuity.lastId
  }

  counts(): LaneCounts {
    return {
      ...this.#continuity.counts,
      retimed: this.#state.retimed,
      depthGaps: this.#book.gaps,
      quotesCompared: this.#book.quotes.compared,
      quotesAgreed: this.#book.quotes.agreed,
    }
  }

  snapshot(): Json {
    const { versions } = this.#state
    const json: LaneJson = {
      continuity: this.#continuity.snapshot(),
      bars: this.#bars.snapshot(),
      ...this.#book.snapshot(),
      feeds: this.#feeds.snapshot(),
      state: {
        ...this.#state,
        versions: { ...versions, depth: this.#book.version },
        depthGaps: this.#book.gaps,
        batch: this.#batch.snapshot(),
      },
    }
    return json
  }

  #gap(id: number, gap: number, marketTime: number, out: Output[]): void {
    this.flush(out)
    this.#bars.taint()
    const from = id - gap
    this.#feeds.tell('trades', 'gap', `${gap} ids missing before ${id}`, marketTime, out, [
      from,
      id - 1,
    ])
  }

  #output<T extends 'market.trades' | 'market.mark'>(
    type: T,
    version: number,
    occurredAt: number,
    payload: Output<T>['payload'],
  ): Output {
    const { venue, symbol } = this.#instrument
    return {
      type,
      aggregate_id: `${venue}.${symbol}`,
      aggregate_version: version,
      occurred_at: occurredAt,
      payload,
    } as unknown as Output
  }
}
