import { output, type Instrument, type Message, type Output } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { BookSync, type SyncPosition } from '../order-book/book-sync.ts'
import { OrderBook } from '../order-book/order-book.ts'
import { BarBuilder, type BarBuilderOptions } from './bar-builder.ts'
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
  startBatch,
  structureOf,
  type LaneCounts,
  type LaneJson,
  type LaneState,
} from './lane-state.ts'
import { QuoteCheck } from './quote-check.ts'
import { TradeContinuity } from './trade-continuity.ts'

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
  readonly #sync = new BookSync<DepthEvent>()
  readonly #quotes: QuoteCheck
  readonly #feeds: FeedRegister
  #book = new OrderBook()
  #state: LaneState

  constructor(
    instrument: Instrument,
    bars: Omit<BarBuilderOptions, 'instrument'>,
    snapshot?: Json,
  ) {
    const saved = snapshot as unknown as LaneJson | undefined
    this.#instrument = instrument
    this.#continuity = new TradeContinuity(saved?.continuity)
    this.#bars = new BarBuilder({ ...bars, instrument }, saved?.bars)
    this.#feeds = new FeedRegister(instrument, saved?.feeds)
    this.#quotes = new QuoteCheck(saved?.quotes)
    this.#state = saved === undefined ? freshState() : structureOf(saved.state)
    if (saved === undefined) return
    this.#book = OrderBook.restore(saved.book)
    this.#sync.restore(saved.sync as unknown as SyncPosition<DepthEvent>)
  }

  get symbol(): string {
    return this.#instrument.symbol
  }

  /** Length of the shortest bars. */
  get barMs(): number {
    return this.#bars.baseMs
  }

  get batched(): number {
    return this.#state.batch?.id.length ?? 0
  }

  /** Time of the first print in the batch, which bounds how long it may wait. */
  get batchStart(): number | null {
    return this.#state.batch?.time[0] ?? null
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
    state.batch ??= startBatch(this.#instrument, gap)
    const { batch } = state
    if (verdict === 'exclude') batch.excluded.push(batch.id.length)
    batch.id.push(event.id)
    batch.price_ticks.push(event.priceTicks)
    batch.quantity_lots.push(event.quantityLots)
    batch.time.push(time)
    batch.maker.push(event.maker)
    if (verdict === 'accept')
      this.#bars.addTrade(event.priceTicks, event.quantityLots, event.maker, time)
  }

  /** Appends the batch being filled, if there is one. */
  flush(out: Output[]): void {
    const { batch } = this.#state
    if (batch === null) return
    batch.first_id = batch.id[0]!
    batch.last_id = batch.id.at(-1)!
    this.#state.batch = null
    const version = ++this.#state.versions.trades
    out.push(this.#output('market.trades', version, batch.time.at(-1)!, batch))
  }

  /** A book change or snapshot. What cannot be aligned is not passed on. */
  depth(event: DepthEvent, marketTime: number, out: Output[]): void {
    const result = event.snapshot ? this.#sync.snapshot(event.lastId) : this.#sync.delta(event)
    if (event.snapshot) {
      this.#book.applySnapshot(event.bidTicks, event.bidLots, event.askTicks, event.askLots)
      if (this.#book.isCrossed()) {
        this.#dropBook(`snapshot ${event.lastId} is crossed`, marketTime, out)
        return
      }
      this.#feeds.up('depth', `book built from snapshot ${event.lastId}`, marketTime, out)
      this.#appendDepth(event, marketTime, out)
      this.#quotes.book(this.#book, event.lastId)
    }
    for (const change of result.apply) if (!this.#applyChange(change, marketTime, out)) return
    if (result.status !== 'gap') return
    const after = event.snapshot
      ? `the updates after snapshot ${event.lastId}`
      : `update ${event.firstId}-${event.lastId}`
    this.#dropBook(`hole between ${this.#sync.lastId} and ${after}`, marketTime, out)
  }

  quote(event: QuoteEvent): void {
    this.#quotes.quote(event, this.#book, this.#sync.isSynced ? this.#sync.lastId : null)
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
    if (channel === 'depth') this.#forgetBook()
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
    else if (message.type === 'market.depth') this.#state.versions.depth = version
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
      depthGaps: this.#state.depthGaps,
      quotesCompared: this.#quotes.compared,
      quotesAgreed: this.#quotes.agreed,
    }
  }

  snapshot(): Json {
    return {
      continuity: this.#continuity.snapshot(),
      bars: this.#bars.snapshot(),
      book: this.#book.snapshot(),
      sync: this.#sync.position() as unknown as Json,
      feeds: this.#feeds.snapshot(),
      quotes: this.#quotes.snapshot(),
      state: structureOf(this.#state) as unknown as Json,
    }
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

  #applyChange(change: DepthEvent, marketTime: number, out: Output[]): boolean {
    this.#book.applyDelta(change.bidTicks, change.bidLots, change.askTicks, change.askLots)
    if (this.#book.isCrossed()) {
      this.#dropBook(`update ${change.lastId} crosses the book`, marketTime, out)
      return false
    }
    this.#appendDepth(change, marketTime, out)
    this.#quotes.book(this.#book, change.lastId)
    return true
  }

  #appendDepth(event: DepthEvent, marketTime: number, out: Output[]): void {
    const { venue, symbol, tick_size, lot_size } = this.#instrument
    const time = event.time ?? marketTime
    out.push(
      this.#output('market.depth', ++this.#state.versions.depth, marketTime, {
        venue,
        symbol,
        tick_size,
        lot_size,
        snapshot: event.snapshot,
        first_update_id: event.firstId,
        last_update_id: event.lastId,
        time,
        bid_ticks: event.bidTicks,
        bid_lots: event.bidLots,
        ask_ticks: event.askTicks,
        ask_lots: event.askLots,
      }),
    )
  }

  #dropBook(reason: string, marketTime: number, out: Output[]): void {
    this.#state.depthGaps++
    this.#forgetBook()
    this.#feeds.tell('depth', 'gap', reason, marketTime, out)
  }

  #forgetBook(): void {
    this.#sync.reset()
    this.#book = new OrderBook()
  }

  #output<T extends 'market.trades' | 'market.depth' | 'market.mark'>(
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
