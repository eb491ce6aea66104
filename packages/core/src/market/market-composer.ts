import { output, type Message, type Output } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { isOneOf } from '../message/index.ts'
import { InstrumentLane } from './instrument-lane.ts'
import type { LaneCounts } from './lane-state.ts'
import type { MarketEvent } from './market-event.ts'
import type { ComposedStep, ComposerOptions } from './composer-options.ts'
import { tradeOf, type TradeRows } from './trade-rows.ts'

const LANE_MESSAGES = [
  'market.trades',
  'market.depth',
  'market.mark',
  'market.feed.status',
] as const

const STEP_MS = 15_000
const JUMP_MS = 3_600_000

/**
 * Puts source events on the tape in the one order that every service relies on.
 *
 * - A batch never crosses a second boundary at which a clock is due, nor a later book change or mark of
 *   its instrument, nor a hole.
 * - At a boundary: pending batches, the bars it closes (shortest first), the clock, then what is later.
 * - Prints and clocks move market time. Book changes and marks reach us by other connections and up to
 *   a batch interval earlier (and a busy venue has sent prints two seconds late), so they move it only
 *   when they are `lagMs` ahead: a print just before a boundary is not made late by a book change just
 *   after it.
 * - A print whose time has been passed all the same is lifted to market time, and counted.
 * - More than an hour of silence is one clock that says `jump`.
 *
 * The same events give the same outputs, however they are cut into calls of `push`.
 */
export class MarketComposer {
  readonly #lanes: readonly InstrumentLane[]
  readonly #bySymbol: ReadonlyMap<string, InstrumentLane>
  readonly #batchTrades: number
  readonly #batchMs: number
  readonly #stepEvents: number
  readonly #clockMs: number
  readonly #stepMs: number
  readonly #lagMs: number
  #out: Output[] = []
  #steps: ComposedStep[] = []
  #marketTime: number | null = null
  #clockVersion = 0
  #events = 0

  constructor(options: ComposerOptions, snapshot?: Json) {
    const saved = snapshot as
      | { lanes: Json[]; marketTime: number | null; clockVersion: number; events: number }
      | undefined
    const { base = '15s', carryForward = false, columns = 'arrays' } = options
    const { batchTrades = 1000, stepEvents = 20_000 } = options
    this.#lanes = options.instruments.map(
      (instrument, index) =>
        new InstrumentLane(
          instrument,
          { base, carryForward },
          { batchTrades, stepEvents, columns },
          saved?.lanes[index],
        ),
    )
    this.#bySymbol = new Map(this.#lanes.map((lane) => [lane.symbol, lane]))
    this.#batchTrades = batchTrades
    this.#batchMs = options.batchMs ?? Infinity
    this.#stepEvents = stepEvents
    this.#clockMs = options.clockMs ?? 1000
    this.#stepMs = Math.max(STEP_MS, this.#clockMs)
    this.#lagMs = options.lagMs ?? 3000
    if (saved === undefined) return
    this.#marketTime = saved.marketTime
    this.#clockVersion = saved.clockVersion
    this.#events = saved.events
  }

  /** Market time reached, null before the first event. */
  get marketTime(): number | null {
    return this.#marketTime
  }

  /** Takes events in the source's order; returns what they put on the tape, cut at step ends. */
  push(events: readonly MarketEvent[]): ComposedStep[] {
    for (const event of events) {
      this.#take(event)
      this.#counted(1)
    }
    return this.drain()
  }

  /**
   * Takes prints of one symbol in columns, from row `from` on, until a step ends or `to` is reached. Returns
   * the first row that was not taken; `drain` has what was composed. The same as pushing them one by one.
   */
  pushTrades(symbol: string, rows: TradeRows, from: number, to: number): number {
    const lane = this.#lane(symbol)
    const plain = this.#batchMs === Infinity
    for (let row = from; row < to;) {
      const next = plain ? this.#run(lane, rows, row, to) : row
      if (next === row && this.#steps.length === 0) {
        this.#take(tradeOf(symbol, rows, row++))
        this.#counted(1)
      } else row = next
      if (this.#steps.length > 0) return row
    }
    return to
  }

  /** Appends pending batches now: at the end of the source, at stop, or when a live batch has waited. */
  flush(): ComposedStep[] {
    this.#flush()
    return this.drain()
  }

  /**
   * For a source that cannot be played again: after the tape's own messages were pushed as events, their
   * versions are counted on from here. Outputs of that pushing are to be thrown away.
   */
  adopt(message: Message): void {
    if (message.type === 'market.clock') this.#clockVersion = message.aggregate_version
    else if (isOneOf(message, LANE_MESSAGES)) this.#lane(message.payload.symbol).adopt(message)
  }

  /** Newest trade id by symbol: what came since has to be fetched. */
  lastTradeIds(): Record<string, number> {
    const known = this.#lanes.flatMap(({ symbol, lastTradeId }) =>
      lastTradeId === null ? [] : [[symbol, lastTradeId] as const],
    )
    return Object.fromEntries(known)
  }

  /** What was counted, by symbol. */
  counts(): Record<string, LaneCounts> {
    return Object.fromEntries(this.#lanes.map((lane) => [lane.symbol, lane.counts()]))
  }

  /** Everything needed to go on; take it between calls of `push`. */
  snapshot(): Json {
    return {
      lanes: this.#lanes.map((lane) => lane.snapshot()),
      marketTime: this.#marketTime,
      clockVersion: this.#clockVersion,
      events: this.#events,
    }
  }

  /** The plain prints from `row` on, up to the next boundary. */
  #run(lane: InstrumentLane, rows: TradeRows, row: number, to: number): number {
    const time = rows.time[row]!
    if (!Number.isSafeInteger(time)) return row
    this.#advance(time)
    if (this.#steps.length > 0) return row
    const most = Math.min(
      to,
      row + this.#batchTrades - lane.batched,
      row + this.#stepEvents - this.#events,
    )
    const last = this.#lastClock()
    const next = lane.takeRun(rows, row, most, last, last + this.#clockMs)
    if (next === row) return row
    if (lane.lastTime > this.#marketTime!) this.#marketTime = lane.lastTime
    if (lane.batched >= this.#batchTrades) lane.flush(this.#out)
    this.#counted(next - row)
    return next
  }

  #counted(events: number): void {
    this.#events += events
    if (this.#events < this.#stepEvents) return
    this.#flush()
    this.#endStep()
  }

  #take(event: MarketEvent): void {
    if (event.kind === 'clock') {
      this.#advance(event.time)
      return
    }
    const lane = this.#lane(event.symbol)
    switch (event.kind) {
      case 'trade': {
        if (Number.isSafeInteger(event.time)) this.#advance(event.time)
        const start = lane.batchStart
        if (start !== null && event.time - start >= this.#batchMs) lane.flush(this.#out)
        lane.trade(event, this.#lastClock(), this.#out)
        if (lane.batched >= this.#batchTrades) lane.flush(this.#out)
        return
      }
      case 'depth':
        this.#follow(event.time)
        lane.flush(this.#out)
        lane.depth(event, this.#marketTime ?? 0, this.#out)
        return
      case 'mark':
        this.#follow(event.time)
        lane.flush(this.#out)
        lane.mark(event, this.#marketTime ?? 0, this.#out)
        return
      case 'quote':
        lane.quote(event)
        return
      case 'bar':
        this.#advance(event.bar.openTime)
        lane.bar(event, this.#marketTime ?? 0, this.#out)
        this.#advance(event.bar.openTime + lane.barMs)
        return
      case 'feed':
        lane.flush(this.#out)
        lane.feed(event, this.#marketTime ?? 0, this.#out)
    }
  }

  #lane(symbol: string): InstrumentLane {
    const lane = this.#bySymbol.get(symbol)
    if (lane === undefined) throw new RangeError(`symbol ${symbol} is not among the instruments`)
    return lane
  }

  /** Book changes and marks: the first event sets the time, later ones move it from a distance. */
  #follow(time: number | null): void {
    if (time !== null) this.#advance(this.#marketTime === null ? time : time - this.#lagMs)
  }

  /** Moves market time, putting every boundary on the way on the tape. Never moves back. */
  #advance(time: number): void {
    if (this.#marketTime === null) {
      this.#marketTime = time
      this.#clock(time - (time % this.#clockMs), false)
      return
    }
    if (time <= this.#marketTime) return
    if (time - this.#marketTime > Math.max(JUMP_MS, this.#clockMs)) {
      const at = time - (time % this.#clockMs)
      this.#boundary(at, true)
      this.#endStep()
    } else {
      for (let at = this.#lastClock() + this.#clockMs; at <= time; at += this.#clockMs) {
        this.#boundary(at, false)
        if (at % this.#stepMs === 0) this.#endStep()
      }
    }
    this.#marketTime = time
  }

  /** When the clock last stood on the tape. */
  #lastClock(): number {
    const time = this.#marketTime ?? 0
    return time - (time % this.#clockMs)
  }

  #boundary(at: number, jump: boolean): void {
    this.#flush()
    if (jump || at % this.#stepMs === 0)
      for (const lane of this.#lanes) lane.closeBars(at, this.#out)
    this.#marketTime = at
    this.#clock(at, jump)
  }

  #clock(at: number, jump: boolean): void {
    this.#out.push(
      output('market.clock', {
        aggregate_id: 'market',
        aggregate_version: ++this.#clockVersion,
        occurred_at: at,
        payload: { at, jump },
      }),
    )
  }

  #flush(): void {
    for (const lane of this.#lanes) lane.flush(this.#out)
  }

  #endStep(): void {
    this.#events = 0
    this.#steps.push({ outputs: this.#out, stepEnd: true })
    this.#out = []
  }

  /** What was composed since the last call, cut at step ends. */
  drain(): ComposedStep[] {
    const steps = this.#steps
    if (this.#out.length > 0) steps.push({ outputs: this.#out, stepEnd: false })
    this.#steps = []
    this.#out = []
    return steps
  }
}
