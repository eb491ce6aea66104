import type { BarClosed, Instrument } from '@tapedeck/contracts'
import { TIMEFRAME_MS, Timeframe } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import {
  addRunToBar,
  addTradeToBar,
  barColumns,
  mergeBar,
  openTimeOf,
  startBar,
  vwapTicks,
  type OpenBar,
} from './bar-accumulator.ts'
import { parseStep, type Step } from './grid.ts'

export type BarBuilderOptions = {
  readonly instrument: Pick<Instrument, 'venue' | 'symbol' | 'tick_size' | 'lot_size'>
  /** Shortest timeframe built; longer ones follow. Default 15s. */
  readonly base?: Timeframe
  /** A period without trades yields a bar at the last close with volume 0, flagged. Default off. */
  readonly carryForward?: boolean
}

/** Carrying stops after this much silence: the market was shut, not quiet. */
const CARRY_MAX_MS = 86_400_000
const NONE: readonly BarClosed[] = []

/**
 * Bars of every timeframe, aligned to UTC, from trades or from the bars of a shorter timeframe.
 *
 * Only the base bar sees trades; a closed bar is folded into the next longer one. Bars close, shortest
 * first, at the first event at or past their boundary: call `closeUntil` before anything later.
 * Times must not fall; the caller sees to that.
 */
export class BarBuilder {
  readonly #timeframes: readonly Timeframe[]
  readonly #instrument: BarBuilderOptions['instrument']
  readonly #tick: Step
  readonly #carry: boolean
  readonly #baseMs: number
  #open: (OpenBar | null)[]
  #nextClose = Infinity
  #tainted = false
  /** Where the last base bar with trades ended, and the last price: what carrying goes on from. */
  #lastRealClose = -Infinity
  #lastPrice = 0

  constructor(options: BarBuilderOptions, snapshot?: Json) {
    const all = Timeframe.options
    this.#timeframes = all.slice(all.indexOf(options.base ?? '15s'))
    this.#instrument = options.instrument
    this.#tick = parseStep(options.instrument.tick_size)
    this.#carry = options.carryForward ?? false
    this.#baseMs = TIMEFRAME_MS[this.#timeframes[0]!]
    this.#open = this.#timeframes.map(() => null)
    if (snapshot !== undefined) this.#restore(snapshot)
  }

  /** Length of the shortest bars. */
  get baseMs(): number {
    return this.#baseMs
  }

  /** Earliest boundary at which a bar is due; Infinity when none is open. */
  get nextClose(): number {
    return this.#nextClose
  }

  /** Adds a print. Returns the bars that its time closed, which come before it. */
  addTrade(priceTicks: number, lots: number, maker: 0 | 1, time: number): readonly BarClosed[] {
    const closed = time >= this.#nextClose ? this.closeUntil(time) : NONE
    let bar = this.#open[0]!
    if (bar === null)
      bar = this.#start(startBar(openTimeOf(this.#timeframes[0]!, time), priceTicks))
    addTradeToBar(bar, priceTicks, lots, maker)
    return closed
  }

  /** Adds rows `from` up to and without `to`, at least one, all before `nextClose`; `time`: of the first. */
  addRun(
    price: Float64Array,
    lots: Float64Array,
    maker: Uint8Array,
    from: number,
    to: number,
    time: number,
  ): void {
    const bar =
      this.#open[0] ?? this.#start(startBar(openTimeOf(this.#timeframes[0]!, time), price[from]!))
    addRunToBar(bar, price, lots, maker, from, to)
  }

  /**
   * Adds a finished bar of the base timeframe (klines). Returns the bars that came before it; the bar
   * itself comes out of the next `closeUntil` at or past its close.
   */
  addBar(bar: OpenBar): readonly BarClosed[] {
    const closed = this.closeUntil(bar.openTime)
    this.#start({ ...bar })
    return closed
  }

  /** Closes every bar whose boundary is at or before `time`, in order of boundary, shortest first. */
  closeUntil(time: number): readonly BarClosed[] {
    if (time < this.#nextClose) return NONE
    const closed: BarClosed[] = []
    while (time >= this.#nextClose) {
      const boundary = this.#nextClose
      this.#carryInto(boundary)
      this.#closeAt(boundary, closed)
      const carries = this.#carry && boundary + this.#baseMs <= this.#lastRealClose + CARRY_MAX_MS
      this.#nextClose = carries ? boundary + this.#baseMs : this.#earliestClose()
    }
    return closed
  }

  /** Without a trade in the base period that ends at `boundary`, opens a flat bar at the last close. */
  #carryInto(boundary: number): void {
    if (this.#open[0] !== null) this.#lastRealClose = boundary
    else if (this.#carry && boundary <= this.#lastRealClose + CARRY_MAX_MS)
      this.#start({ ...startBar(boundary - this.#baseMs, this.#lastPrice), carried: true })
  }

  /** Trades are known to be missing here: the open bars, or the next one, say so. */
  taint(): void {
    if (this.#open[0] === null) this.#tainted = true
    for (const bar of this.#open) if (bar !== null) bar.tainted = true
  }

  #start(bar: OpenBar): OpenBar {
    bar.tainted ||= this.#tainted
    this.#tainted = false
    this.#open[0] = bar
    this.#nextClose = bar.openTime + this.#baseMs
    return bar
  }

  /** Closes what ends at `boundary` and folds each bar upwards. */
  #closeAt(boundary: number, closed: BarClosed[]): void {
    for (let i = 0; i < this.#timeframes.length; i++) {
      const bar = this.#open[i]
      if (bar === null || bar === undefined) continue
      if (bar.openTime + TIMEFRAME_MS[this.#timeframes[i]!] > boundary) break
      this.#lastPrice = bar.close
      closed.push(this.#payload(bar, this.#timeframes[i]!))
      this.#open[i] = null
      if (i + 1 < this.#timeframes.length) this.#fold(bar, i + 1)
    }
  }

  #fold(bar: OpenBar, into: number): void {
    const around = this.#open[into]
    if (around !== null && around !== undefined) mergeBar(around, bar)
    else this.#open[into] = { ...bar, openTime: openTimeOf(this.#timeframes[into]!, bar.openTime) }
  }

  #earliestClose(): number {
    for (let i = 0; i < this.#timeframes.length; i++) {
      const bar = this.#open[i]
      if (bar !== null && bar !== undefined)
        return bar.openTime + TIMEFRAME_MS[this.#timeframes[i]!]
    }
    return Infinity
  }

  #payload(bar: OpenBar, timeframe: Timeframe): BarClosed {
    const { venue, symbol, tick_size, lot_size } = this.#instrument
    const { carried, tainted, trades, ...columns } = barColumns(bar, timeframe)
    const vwap = (vwapTicks(bar) * this.#tick.mantissa) / this.#tick.pow
    return { venue, symbol, tick_size, lot_size, ...columns, trades, vwap, carried, tainted }
  }

  snapshot(): Json {
    return {
      open: this.#open.map((bar) => (bar === null ? null : { ...bar })),
      tainted: this.#tainted,
      nextClose: this.#nextClose === Infinity ? null : this.#nextClose,
      lastRealClose: this.#lastRealClose === -Infinity ? null : this.#lastRealClose,
      lastPrice: this.#lastPrice,
    }
  }

  #restore(json: Json): void {
    const saved = json as {
      open: (OpenBar | null)[]
      tainted: boolean
      nextClose: number | null
      lastRealClose: number | null
      lastPrice: number
    }
    this.#open = saved.open.map((bar) => (bar === null ? null : { ...bar }))
    this.#tainted = saved.tainted
    this.#nextClose = saved.nextClose ?? Infinity
    this.#lastRealClose = saved.lastRealClose ?? -Infinity
    this.#lastPrice = saved.lastPrice
  }
}
