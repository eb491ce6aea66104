import { TIMEFRAME_MS } from '@tapedeck/contracts'
import type { FillModel } from '@tapedeck/core'
import type { SymbolLane } from './symbol-lane.ts'

/**
 * Which prints a bar stands for. `ohlc`: open, one extreme, the other, close, visiting on the way every
 * price at which one of our orders does something. `mid`: one print halfway between open and close, as
 * some published results assume.
 */
export type BarPath = 'ohlc' | 'mid'

/** Steps of a bar's path, walked by all symbols together so that the clock never runs backwards. */
export const PATH_STAGES = 4

/** A latency must leave time between the steps of a path for what is sent in answer to a fill. */
export const latencyMsMax = (timeframeMs: number): number => Math.floor(timeframeMs / 8)

/**
 * Shows the bars of one symbol to its matching engine: the prints of the path where an order could do
 * something, nothing where no order can. What a bar trades bounds what we fill in it.
 */
export class BarPlayer {
  readonly lane: SymbolLane
  readonly #path: BarPath
  readonly #latencyMs: number
  readonly #share: number
  readonly #lengthMs: number
  #row = -1
  #at = 0
  #budget = 0
  #lowFirst = true
  /** Row of the last bar with prints that the engine was not shown; below 0 when there is none. */
  #unshown = -1
  #lastTime = 0

  constructor(lane: SymbolLane, model: FillModel, path: BarPath, volumeSharePercent: number) {
    this.lane = lane
    this.#path = path
    this.#latencyMs = model.latencyMs
    this.#share = volumeSharePercent / 100
    this.#lengthMs = TIMEFRAME_MS[lane.series.timeframe]
  }

  /** Takes the bar in row `row`. True when an order could do something in it: then walk its stages, else pass it. */
  begin(row: number): boolean {
    const { lane } = this
    const { series, orders } = lane
    this.#row = row
    return (
      orders.urgent > 0 ||
      lane.waitsForPrice ||
      lane.arrivesBy > this.#lastTime ||
      series.low[row]! <= orders.below ||
      series.high[row]! >= orders.above
    )
  }

  /** Passes over the bar at hand: no order could have done anything at any of its prices. */
  pass(): void {
    const { lane } = this
    const row = this.#row
    if (lane.lots !== 0 && (lane.series.volume[row] ?? 0) > 0) {
      lane.ledger.onPrice(lane.series.high[row]!)
      lane.ledger.onPrice(lane.series.low[row]!)
    }
    this.#end(row, true)
  }

  #end(row: number, stale: boolean): void {
    const { lane } = this
    lane.lastTicks = lane.series.close[row]!
    this.#lastTime = lane.series.openTime[row]! + this.#lengthMs - 1
    // The engine's last print is that of the last bar that traded.
    if ((lane.series.volume[row] ?? 0) > 0) this.#unshown = stale ? row : -1
  }

  /** Shows the engine the close of the last bar that was passed over: what arrives next is judged by it. */
  #catchUp(): void {
    const row = this.#unshown
    if (row < 0) return
    this.#unshown = -1
    const { series, engine } = this.lane
    const time = series.openTime[row]! + this.#lengthMs - 1
    engine.onTrade(series.close[row]!, series.volume[row]!, time, 0)
  }

  /** Time of a stage of the bar at hand. */
  timeOf(stage: number): number {
    const open = this.lane.series.openTime[this.#row]!
    if (stage === 0) return open + this.#latencyMs
    if (stage === PATH_STAGES - 1) return open + this.#lengthMs - 1
    return open + Math.floor((this.#lengthMs * stage) / 3)
  }

  /** Walks one stage of the bar at hand. */
  walk(stage: number): void {
    const row = this.#row
    const { series } = this.lane
    const time = this.timeOf(stage)
    if (stage === 0) this.#start(row)
    // A bar without volume: nobody traded, so nothing triggers and nothing fills.
    const isQuiet = (series.volume[row] ?? 0) === 0
    if (isQuiet) this.#drain(time)
    else if (stage === 0) this.#open(row, time)
    else if (this.#path === 'ohlc') this.#walkTo(this.#priceOf(stage, row), time)
    if (stage === PATH_STAGES - 1) this.#end(row, false)
  }

  #start(row: number): void {
    this.#budget = Math.floor(this.lane.series.volume[row]! * this.#share)
    this.#catchUp()
  }

  #open(row: number, time: number): void {
    const price = this.#path === 'ohlc' ? this.lane.series.open[row]! : this.#middle(row)
    this.lane.sizeByQuote(price, time)
    this.#settle(price, time)
    this.#at = price
    this.#lowFirst = this.#isLowFirst(row)
  }

  #middle(row: number): number {
    const { open, close } = this.lane.series
    return Math.round((open[row]! + close[row]!) / 2)
  }

  /** The adverse extreme first: for what is held, else for what waits to be entered, else as the bar leans. */
  #isLowFirst(row: number): boolean {
    const { lane } = this
    if (lane.lots !== 0) return lane.lots > 0
    const sides = lane.orders.entrySides()
    if (sides.length === 1) return sides[0] === 'SELL'
    return lane.series.close[row]! >= lane.series.open[row]!
  }

  #priceOf(stage: number, row: number): number {
    const { low, high, close } = this.lane.series
    if (stage === PATH_STAGES - 1) return close[row]!
    return (stage === 1) === this.#lowFirst ? low[row]! : high[row]!
  }

  #walkTo(price: number, time: number): void {
    this.#drain(time)
    const { orders } = this.lane
    for (
      let level = orders.nextLevel(this.#at, price);
      level !== null;
      level = orders.nextLevel(this.#at, price)
    ) {
      this.#settle(level, time)
      this.#at = level
    }
    this.#settle(price, time)
    this.#at = price
  }

  /** A print, and one more at its price for an order that it triggered: price passes without a jump. */
  #settle(ticks: number, time: number): void {
    this.#print(ticks, time)
    while (this.lane.triggered) {
      this.lane.triggered = false
      this.#print(ticks, time)
    }
  }

  #print(ticks: number, time: number): void {
    const { lane } = this
    this.#drain(time)
    for (const event of lane.engine.onTrade(ticks, this.#budget, time, 0))
      this.#budget -= lane.handle(event)
    if (lane.lots !== 0) lane.ledger.onPrice(ticks)
  }

  #drain(time: number): void {
    const { lane } = this
    for (
      let events = lane.engine.processNext(time);
      events !== null;
      events = lane.engine.processNext(time)
    )
      for (const event of events) lane.handle(event)
  }

  /** Closes what is open at the last price, when the data has ended. */
  closeAt(time: number): void {
    const { lane } = this
    if (lane.lots === 0) return
    lane.cancelEntries(null, time)
    this.#catchUp()
    lane.exit({ action: 'exit', symbol: lane.symbol, lots: null, reason: 'end_of_data' }, time)
    this.#budget = Math.abs(lane.lots)
    const price = this.#path === 'mid' ? this.#middle(this.#row) : lane.lastTicks
    this.#print(price, time + this.#latencyMs)
  }
}
