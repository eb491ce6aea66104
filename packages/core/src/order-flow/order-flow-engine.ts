import type { FeedStatus, OrderFlowConfig, SessionConfig, Trades } from '@tapedeck/contracts'
import { TIMEFRAME_MS } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { parseStep, type Step } from '../market/index.ts'
import { BarMeasures, type MeasuredBar } from './bar-measures.ts'
import { FootprintHistory } from './footprint-history.ts'
import { FundingTracker } from './funding.ts'
import { GridMeasures } from './grid-measures.ts'
import { OpenCell } from './open-cell.ts'
import { OpenInterval } from './open-interval.ts'
import type { EngineInstrument, EngineOptions, OrderFlowListener } from './order-flow-listener.ts'
import { Profiles } from './profiles.ts'
import { RestingBook, type DepthColumns } from './resting-book.ts'
import { SessionMeasures } from './session-measures.ts'
import { Taint } from './taint.ts'

/** A piece of state that goes through JSON and back. */
type Part = { snapshot(): Json; restore(json: Json): void }

type TradeColumns = Pick<Trades, 'id' | 'price_ticks' | 'quantity_lots' | 'time' | 'maker'>

type SavedClock = {
  lastId: number
  now: number
  pendingFeatures: number | null
  lastPrice: number | null
  closes: { [timeframe: string]: number }
}

type Saved = { clock: SavedClock; parts: { [name: string]: Json } }

const checkGrid = ({ grid_ms: gridMs, absorption }: OrderFlowConfig): void => {
  if (1000 % gridMs !== 0 || absorption.window_ms % gridMs !== 0)
    throw new RangeError(
      `order_flow.grid_ms ${gridMs}: expected a divisor of 1000 and of absorption.window_ms ${absorption.window_ms}`,
    )
}

/**
 * Order flow of one instrument, from integers alone.
 *
 * Measures of "now" are evaluated on a grid of event time: the first trade at or past a new grid point
 * evaluates the latest point at or before it, on all trades strictly before that point. So results
 * do not depend on how trades were batched. Bars and clocks must come where they stand on the tape:
 * after the trades they close, before any later one. Features of a bar are given out with the first
 * event after all bars of that boundary.
 */
export class OrderFlowEngine {
  readonly instrument: EngineInstrument
  readonly config: OrderFlowConfig
  readonly tick: Step
  readonly lot: Step
  readonly grid: GridMeasures
  readonly session: SessionMeasures
  readonly bars: BarMeasures
  readonly profiles: Profiles
  readonly footprints = new FootprintHistory()
  readonly funding = new FundingTracker()
  readonly book = new RestingBook()
  readonly taint: Taint
  readonly interval: OpenInterval
  readonly #listener: OrderFlowListener
  readonly #cell: OpenCell
  readonly #gridMs: number
  readonly #measuredRegime: boolean
  #lastId = -1
  /** The grid point up to which everything is settled. Time does not run back behind it. */
  #now = 0
  #pendingFeatures: number | null = null
  #lastPrice: number | null = null
  #closes: SavedClock['closes'] = {}

  /** Throws a RangeError when the grid does not divide a second or the absorption window. */
  constructor(
    instrument: EngineInstrument,
    config: OrderFlowConfig,
    session: SessionConfig,
    listener: OrderFlowListener = {},
    options: EngineOptions = {},
  ) {
    checkGrid(config)
    const { profile_bin_ticks: binTicks, min_absorption_volume: minTrapVolume } = instrument
    this.instrument = instrument
    this.config = config
    this.tick = parseStep(instrument.tick_size)
    this.lot = parseStep(instrument.lot_size)
    const lotsPerUnit = this.lot.pow / this.lot.mantissa
    this.grid = new GridMeasures(config, lotsPerUnit, minTrapVolume * lotsPerUnit, listener)
    this.session = new SessionMeasures(config, session)
    this.bars = new BarMeasures(config)
    this.profiles = new Profiles(binTicks, config.value_area_fraction, config.naked_pocs)
    this.taint = new Taint(config.taint_ms)
    this.interval = new OpenInterval(binTicks)
    this.#listener = listener
    this.#cell = new OpenCell(config.grid_ms, config.absorption.half_life_ms)
    this.#gridMs = config.grid_ms
    this.#measuredRegime = options.regime !== 'normal'
  }

  /** The last price before the last grid point or bar close, in ticks. */
  get priceTicks(): number | null {
    return this.#lastPrice
  }

  /** A print. Ids rise; one that was seen before is ignored. Nothing is allocated here. */
  onTrade(
    id: number,
    priceTicks: number,
    quantityLots: number,
    timeMs: number,
    isBuyerMaker: boolean,
  ): void {
    if (id <= this.#lastId) return
    this.#lastId = id
    if (timeMs >= this.#cell.end) this.#cross(timeMs)
    this.#cell.add(priceTicks, quantityLots, timeMs, isBuyerMaker)
    this.interval.bins.add(priceTicks, quantityLots, isBuyerMaker)
    this.grid.addTrade(quantityLots)
  }

  /** Rows `from` up to and without `to` of a batch, one by one. */
  onTrades(batch: TradeColumns, from: number, to: number): void {
    const { id, price_ticks: price, quantity_lots: lots, time, maker } = batch
    for (let row = from; row < to; row++)
      this.onTrade(id[row]!, price[row]!, lots[row]!, time[row]!, maker[row] === 1)
  }

  /** A closed bar of any timeframe; one that was seen before is ignored. */
  onBar(bar: MeasuredBar): void {
    const boundary = bar.open_time + TIMEFRAME_MS[bar.timeframe]
    if (boundary <= (this.#closes[bar.timeframe] ?? 0)) return
    this.#closes[bar.timeframe] = boundary
    this.#closeCell(boundary)
    this.#settle(boundary, false)
    if (bar.timeframe === '15s') {
      this.bars.on15s(bar)
      this.#pendingFeatures = boundary
    } else if (bar.timeframe === '1m') this.#onMinute(bar, boundary)
    else if (bar.timeframe === '15m') this.bars.on15m(bar)
  }

  /** Market time reached `at`: what waited for it is done. `jump`: after a long silence. */
  onClock(at: number, jump = false): void {
    if (jump) this.taint.mark(at)
    const point = at - (at % this.#gridMs)
    if (point < this.#now) return
    this.#closeCell(point)
    this.#settle(point, true)
    this.grid.onSilence(point)
  }

  onMark(fundingRate: number, at: number): void {
    this.funding.update(fundingRate, at)
  }

  onDepth(depth: DepthColumns): void {
    this.book.apply(depth)
  }

  onFeed(channel: FeedStatus['channel'], status: FeedStatus['status'], at: number): void {
    if (channel === 'depth') this.book.onFeed(status)
    if (channel !== 'trades') return
    if (status === 'up') this.taint.feedUp(at)
    else this.taint.feedDown(at)
  }

  /** Trades are missing before `at`. */
  onGap(at: number): void {
    this.taint.mark(at)
  }

  #cross(timeMs: number): void {
    const point = Math.max(timeMs - (timeMs % this.#gridMs), this.#now)
    this.#closeCell(point)
    this.#settle(point, true)
    const { evaluatedAt } = this.grid
    if (evaluatedAt === null) this.grid.begin(point)
    else if (point > evaluatedAt) {
      const regime = this.#measuredRegime ? this.bars.volatility.state : 'normal'
      this.grid.evaluate(point, this.#lastPrice!, regime)
    }
    this.#cell.open(point)
    this.interval.enter(point, this.#lastPrice)
  }

  /** Folds the open cell into everything that is kept, when it ends at or before `at`. */
  #closeCell(at: number): void {
    const cell = this.#cell
    if (cell.end > at) return
    if (cell.trades > 0) {
      this.#lastPrice = cell.last
      this.grid.addCell(cell)
      this.session.addCell(cell)
      this.interval.widen(cell.high, cell.low)
    }
    cell.shut()
  }

  /**
   * Does what is due at `at`, in order: the 15 s fold, features of the old session, the session's end,
   * features of the new one. A bar that closes at a boundary comes before what happens there (`inclusive` false).
   */
  #settle(at: number, inclusive: boolean): void {
    if (at > this.#now) this.#now = at
    if (this.interval.isDue(at)) this.#fold()
    const features = this.#pendingFeatures
    const sessionEnd = this.session.end
    const until = inclusive ? at : at - 1
    const featuresDue = features !== null && features <= until
    if (featuresDue && features < sessionEnd) this.#giveFeatures(features)
    if (sessionEnd <= until) this.#beginSession(until)
    if (featuresDue && features >= sessionEnd) this.#giveFeatures(features)
  }

  #fold(): void {
    const { start, levels, lowTicks, highTicks } = this.interval.fold()
    this.profiles.fold(start, levels, lowTicks, highTicks)
    this.footprints.fold(start, levels)
  }

  #giveFeatures(at: number): void {
    this.#pendingFeatures = null
    this.grid.advance(at)
    this.#listener.onFeatures?.(at)
  }

  #beginSession(at: number): void {
    const { start: before } = this.session
    const previous = this.session.marketState.state
    if (before !== null) this.profiles.endSession(before)
    this.session.begin(at)
    this.bars.resetSession()
    if (previous !== 'UNKNOWN' && this.session.start !== null)
      this.#listener.onMarketState?.(this.session.start, 'UNKNOWN', previous)
  }

  #onMinute(bar: MeasuredBar, boundary: number): void {
    const divergence = this.bars.onMinute(bar)
    if (divergence !== null) this.#listener.onDivergence?.(boundary, divergence)
    const { marketState } = this.session
    const previous = marketState.state
    const established = this.session.isInitialBalanceDone(boundary)
    const state = marketState.onMinute(bar.close_ticks, bar.delta_lots, established)
    if (state !== previous) this.#listener.onMarketState?.(boundary, state, previous)
  }

  #parts(): Record<string, Part> {
    return {
      cell: this.#cell,
      grid: this.grid,
      session: this.session,
      bars: this.bars,
      profiles: this.profiles,
      footprints: this.footprints,
      funding: this.funding,
      book: this.book,
      taint: this.taint,
      interval: this.interval,
    }
  }

  /** All state, as JSON. */
  snapshot(): Json {
    const clock: SavedClock = {
      lastId: this.#lastId,
      now: this.#now,
      pendingFeatures: this.#pendingFeatures,
      lastPrice: this.#lastPrice,
      closes: { ...this.#closes },
    }
    const parts: { [name: string]: Json } = {}
    for (const [name, part] of Object.entries(this.#parts())) parts[name] = part.snapshot()
    return { clock, parts }
  }

  /** Goes on where `snapshot` stood. The configuration must be the one of the snapshot. */
  restore(json: Json): void {
    const { clock, parts } = json as Saved
    this.#lastId = clock.lastId
    this.#now = clock.now
    this.#pendingFeatures = clock.pendingFeatures
    this.#lastPrice = clock.lastPrice
    this.#closes = { ...clock.closes }
    for (const [name, part] of Object.entries(this.#parts())) part.restore(parts[name]!)
  }
}
