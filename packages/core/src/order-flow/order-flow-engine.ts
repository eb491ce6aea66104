import type {
  FeedStatus,
  InstrumentConfig,
  MarketStateName,
  OrderFlowConfig,
  SessionConfig,
} from '@tapedeck/contracts'
import { TIMEFRAME_MS } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import { VolumeWeightedMean } from '../indicators/index.ts'
import { parseStep, type Step } from '../market/index.ts'
import { AbsorptionEpisodes, type EndedEpisode } from './absorption-episode.ts'
import { AbsorptionDetector, type AbsorptionReading } from './absorption.ts'
import { Aggression } from './aggression.ts'
import { BarMeasures, type MeasuredBar } from './bar-measures.ts'
import type { Divergence } from './cvd-divergence.ts'
import { DELTA_WINDOWS, DeltaWindow, type DeltaWindowName } from './delta-window.ts'
import { Evidence } from './evidence.ts'
import { FootprintHistory } from './footprint-history.ts'
import { FundingTracker } from './funding.ts'
import { GridCells } from './grid-cells.ts'
import { MarketState } from './market-state.ts'
import { OpenCell } from './open-cell.ts'
import { OpenInterval } from './open-interval.ts'
import { Profiles } from './profiles.ts'
import { RestingBook, type DepthColumns } from './resting-book.ts'
import { parseTimeOfDay, sessionStartOf } from './session-clock.ts'
import { Taint } from './taint.ts'
import { TrappedTraders, type Trap } from './trapped-traders.ts'

const SECOND_MS = 1000
const DAY_MS = 86_400_000
/** A session that is joined later than this was not watched from its start. */
const SESSION_GRACE_MS = 60_000

export type EngineInstrument = Pick<
  InstrumentConfig,
  | 'venue'
  | 'symbol'
  | 'tick_size'
  | 'lot_size'
  | 'profile_bin_ticks'
  | 'min_absorption_volume'
  | 'footprint_imbalance_floor'
>

/** Who hears what the engine sees. Times are grid points, bar closes or session starts, in ms. */
export type OrderFlowListener = {
  /** About once a second: the measures are as of `at`. */
  onMeasures?(at: number): void
  /** Every grid point at which absorption holds. The object is filled anew each time: copy what is kept. */
  onAbsorption?(reading: Readonly<AbsorptionReading>): void
  onAbsorptionStarted?(reading: Readonly<AbsorptionReading>): void
  onAbsorptionEnded?(episode: EndedEpisode): void
  onTrap?(trap: Trap): void
  onDivergence?(at: number, divergence: Divergence): void
  onMarketState?(at: number, state: MarketStateName, previous: MarketStateName): void
  /** A 15 s bar closed at `at`, and everything else that closed there is in. */
  onFeatures?(at: number): void
}

export type EngineOptions = {
  /** `measured` takes the imbalance ratio from the volatility state; `normal` always uses the normal one. */
  readonly regime?: 'measured' | 'normal'
}

type Saved = { [part: string]: Json } & {
  clock: {
    lastId: number
    now: number
    lastEvaluated: number | null
    measuredAt: number | null
    lastSecond: number | null
    sessionStart: number | null
    pendingFeatures: number | null
    lastPrice: number | null
    cvd: number
    closes: { [timeframe: string]: number }
  }
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
  readonly windows: Readonly<Record<DeltaWindowName, DeltaWindow>>
  readonly vwap = new VolumeWeightedMean()
  readonly bars: BarMeasures
  readonly profiles: Profiles
  readonly footprints = new FootprintHistory()
  readonly funding = new FundingTracker()
  readonly book = new RestingBook()
  readonly taint: Taint
  readonly evidence = new Evidence()
  readonly marketState: MarketState
  readonly trappedTraders: TrappedTraders
  readonly episodes = new AbsorptionEpisodes()
  readonly interval: OpenInterval
  readonly #listener: OrderFlowListener
  readonly #windowList: readonly DeltaWindow[]
  readonly #cells: GridCells
  readonly #cell: OpenCell
  readonly #absorption: AbsorptionDetector
  readonly #aggression: Aggression
  readonly #gridMs: number
  readonly #tradeBasis: boolean
  readonly #measuredRegime: boolean
  readonly #sessionOffsetMs: number
  readonly #initialBalanceMs: number
  #lastId = -1
  /** The grid point up to which everything is settled. Time does not run back behind it. */
  #now = 0
  #lastEvaluated: number | null = null
  #measuredAt: number | null = null
  #lastSecond: number | null = null
  #sessionStart: number | null = null
  #pendingFeatures: number | null = null
  #lastPrice: number | null = null
  #cvd = 0
  #closes: Saved['clock']['closes'] = {}

  /** Throws a RangeError when the grid does not divide a second or the absorption window. */
  constructor(
    instrument: EngineInstrument,
    config: OrderFlowConfig,
    session: SessionConfig,
    listener: OrderFlowListener = {},
    options: EngineOptions = {},
  ) {
    const { grid_ms: gridMs, absorption } = config
    if (SECOND_MS % gridMs !== 0 || absorption.window_ms % gridMs !== 0)
      throw new RangeError(
        `order_flow.grid_ms ${gridMs}: expected a divisor of 1000 and of absorption.window_ms ${absorption.window_ms}`,
      )
    this.instrument = instrument
    this.config = config
    this.tick = parseStep(instrument.tick_size)
    this.lot = parseStep(instrument.lot_size)
    this.#listener = listener
    this.#gridMs = gridMs
    this.#tradeBasis = absorption.volume_basis === 'trade'
    this.#measuredRegime = options.regime !== 'normal'
    this.#sessionOffsetMs = parseTimeOfDay(session.start_utc)
    this.#initialBalanceMs = session.initial_balance_minutes * 60_000
    const lotsPerUnit = this.lot.pow / this.lot.mantissa
    this.windows = {
      '5s': new DeltaWindow(DELTA_WINDOWS['5s']),
      '15s': new DeltaWindow(DELTA_WINDOWS['15s']),
      '1m': new DeltaWindow(DELTA_WINDOWS['1m']),
      '5m': new DeltaWindow(DELTA_WINDOWS['5m']),
    }
    this.#windowList = Object.values(this.windows)
    this.#cells = new GridCells(gridMs, DELTA_WINDOWS['5m'])
    this.#cell = new OpenCell(gridMs, absorption.half_life_ms)
    this.#absorption = new AbsorptionDetector(absorption, this.#cells, lotsPerUnit)
    this.#aggression = new Aggression(config.aggression)
    this.bars = new BarMeasures(config)
    this.interval = new OpenInterval(instrument.profile_bin_ticks)
    this.profiles = new Profiles(
      instrument.profile_bin_ticks,
      config.value_area_fraction,
      config.naked_pocs,
    )
    this.taint = new Taint(config.taint_ms)
    this.marketState = new MarketState(config.market_state)
    this.trappedTraders = new TrappedTraders(
      config.trap,
      instrument.min_absorption_volume * lotsPerUnit,
    )
  }

  /** The last price before the last grid point or bar close, in ticks. */
  get priceTicks(): number | null {
    return this.#lastPrice
  }

  /** Session delta up to the last grid point, in lots. */
  get cvdLots(): number {
    return this.#cvd
  }

  /** What the delta windows are as of: the last evaluated grid point, or the last bar if that is later. */
  get measuredAt(): number | null {
    return this.#measuredAt
  }

  /** Start of the running session; null before the first event. */
  get sessionStart(): number | null {
    return this.#sessionStart
  }

  isInitialBalanceDone(at: number): boolean {
    return this.#sessionStart !== null && at >= this.#sessionStart + this.#initialBalanceMs
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
    if (this.#tradeBasis) this.#absorption.addTrade(quantityLots)
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
    const quietMs = this.#lastEvaluated === null ? 0 : point - this.#lastEvaluated
    if (quietMs > this.config.absorption.window_ms) this.#endEpisode(point)
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
    if (this.#lastEvaluated === null) this.#lastEvaluated = point
    else if (point > this.#lastEvaluated) this.#evaluate(point, this.#lastPrice!)
    this.#cell.open(point)
    this.interval.enter(point, this.#lastPrice)
  }

  /** Folds the open cell into everything that is kept, when it ends at or before `at`. */
  #closeCell(at: number): void {
    const cell = this.#cell
    if (cell.end > at) return
    if (cell.trades > 0) {
      const volume = cell.buy + cell.sell
      this.#cells.push(cell)
      this.#cvd += cell.buy - cell.sell
      this.#lastPrice = cell.last
      this.vwap.addGroup(
        volume,
        cell.first + cell.excess / volume,
        cell.excessSquares - (cell.excess * cell.excess) / volume,
      )
      this.interval.widen(cell.high, cell.low)
      if (!this.isInitialBalanceDone(cell.start)) this.marketState.widen(cell.high, cell.low)
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
    const sessionEnd = this.#sessionStart === null ? 0 : this.#sessionStart + DAY_MS
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
    this.#advanceWindows(at)
    this.#listener.onFeatures?.(at)
  }

  #advanceWindows(at: number): void {
    for (const window of this.#windowList) window.advance(this.#cells, at)
    this.#measuredAt = at
  }

  #beginSession(at: number): void {
    const start = sessionStartOf(at, this.#sessionOffsetMs)
    const before = this.#sessionStart
    const previous = this.marketState.state
    const follows = before !== null && before + DAY_MS === start
    this.#sessionStart = start
    this.#cvd = 0
    this.vwap.reset()
    this.bars.resetSession()
    this.marketState.reset(follows || at < start + SESSION_GRACE_MS)
    if (before !== null) this.profiles.endSession(before)
    if (previous !== 'UNKNOWN') this.#listener.onMarketState?.(start, 'UNKNOWN', previous)
  }

  #onMinute(bar: MeasuredBar, boundary: number): void {
    const divergence = this.bars.onMinute(bar)
    if (divergence !== null) this.#listener.onDivergence?.(boundary, divergence)
    const previous = this.marketState.state
    const established = this.isInitialBalanceDone(boundary)
    const state = this.marketState.onMinute(bar.close_ticks, bar.delta_lots, established)
    if (state !== previous) this.#listener.onMarketState?.(boundary, state, previous)
  }

  #evaluate(at: number, price: number): void {
    this.#lastEvaluated = at
    this.#advanceWindows(at)
    const isSecond = this.#isSecond(at)
    if (isSecond) this.#listener.onMeasures?.(at)
    const regime = this.#measuredRegime ? this.bars.volatility.state : 'normal'
    if (this.#absorption.evaluate(at, price, regime)) this.#onAbsorption(price)
    else this.#endEpisode(at)
    const trap = this.trappedTraders.check(price, at)
    if (trap !== null) {
      this.evidence.trapped(trap.trappedSide, at)
      this.#listener.onTrap?.(trap)
    }
    const fast = this.windows['5s']
    const aggressor = this.#aggression.sideOf(fast.ratio, fast.volume)
    if (aggressor !== null) this.evidence.aggressive(aggressor, at)
    if (!isSecond) return
    this.#lastSecond = at
    this.#aggression.sample(fast.volume)
    if (!this.#tradeBasis) this.#absorption.sample()
  }

  /** A whole second, or a second after the last one when its own grid point saw no trade. */
  #isSecond(at: number): boolean {
    return at % SECOND_MS === 0 || this.#lastSecond === null || at - this.#lastSecond >= SECOND_MS
  }

  #onAbsorption(price: number): void {
    const { reading } = this.#absorption
    const { at, side } = reading
    this.#listener.onAbsorption?.(reading)
    if (this.episodes.open !== null && this.episodes.open.side !== side) this.#endEpisode(at)
    if (this.episodes.hold(reading)) this.#listener.onAbsorptionStarted?.(reading)
    this.evidence.absorbed(side, at)
    this.trappedTraders.onAbsorption(side, reading.absorbedLots, price, at)
  }

  #endEpisode(at: number): void {
    const ended = this.episodes.end(at)
    if (ended !== null) this.#listener.onAbsorptionEnded?.(ended)
  }

  /** All state, as JSON. */
  snapshot(): Json {
    const base = Math.min(this.#absorption.tail, ...this.#windowList.map(({ tail }) => tail))
    return {
      clock: {
        lastId: this.#lastId,
        now: this.#now,
        lastEvaluated: this.#lastEvaluated,
        measuredAt: this.#measuredAt,
        lastSecond: this.#lastSecond,
        sessionStart: this.#sessionStart,
        pendingFeatures: this.#pendingFeatures,
        lastPrice: this.#lastPrice,
        cvd: this.#cvd,
        closes: { ...this.#closes },
      },
      cells: this.#cells.snapshot(base),
      cell: this.#cell.snapshot(),
      windows: this.#windowList.map((window) => window.snapshot(base)),
      absorption: this.#absorption.snapshot(base),
      aggression: this.#aggression.snapshot(),
      vwap: this.vwap.snapshot(),
      bars: this.bars.snapshot(),
      profiles: this.profiles.snapshot(),
      footprints: this.footprints.snapshot(),
      funding: this.funding.snapshot(),
      book: this.book.snapshot(),
      taint: this.taint.snapshot(),
      evidence: this.evidence.snapshot(),
      marketState: this.marketState.snapshot(),
      traps: this.trappedTraders.snapshot(),
      episodes: this.episodes.snapshot(),
      interval: this.interval.snapshot(),
    }
  }

  /** Goes on where `snapshot` stood. The configuration must be the one of the snapshot. */
  restore(json: Json): void {
    const saved = json as Saved
    const { clock } = saved
    this.#lastId = clock.lastId
    this.#now = clock.now
    this.#lastEvaluated = clock.lastEvaluated
    this.#measuredAt = clock.measuredAt
    this.#lastSecond = clock.lastSecond
    this.#sessionStart = clock.sessionStart
    this.#pendingFeatures = clock.pendingFeatures
    this.#lastPrice = clock.lastPrice
    this.#cvd = clock.cvd
    this.#closes = { ...clock.closes }
    this.#cells.restore(saved['cells']!)
    this.#cell.restore(saved['cell']!)
    this.#windowList.forEach((window, i) => window.restore((saved['windows'] as Json[])[i]!))
    this.#absorption.restore(saved['absorption']!)
    this.#aggression.restore(saved['aggression']!)
    this.vwap.restore(saved['vwap']!)
    this.bars.restore(saved['bars']!)
    this.profiles.restore(saved['profiles']!)
    this.footprints.restore(saved['footprints']!)
    this.funding.restore(saved['funding']!)
    this.book.restore(saved['book']!)
    this.taint.restore(saved['taint']!)
    this.evidence.restore(saved['evidence']!)
    this.marketState.restore(saved['marketState']!)
    this.trappedTraders.restore(saved['traps']!)
    this.episodes.restore(saved['episodes']!)
    this.interval.restore(saved['interval']!)
  }
}
