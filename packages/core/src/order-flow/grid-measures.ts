import type { OrderFlowConfig } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'
import type { VolatilityState } from '../indicators/index.ts'
import { AbsorptionEpisodes } from './absorption-episode.ts'
import { AbsorptionDetector } from './absorption.ts'
import { Aggression } from './aggression.ts'
import { DELTA_WINDOWS, DeltaWindow, type DeltaWindowName } from './delta-window.ts'
import { Evidence } from './evidence.ts'
import { GridCells } from './grid-cells.ts'
import type { OpenCell } from './open-cell.ts'
import type { OrderFlowListener } from './order-flow-listener.ts'
import { TrappedTraders } from './trapped-traders.ts'

const SECOND_MS = 1000

type Saved = {
  evaluatedAt: number | null
  measuredAt: number | null
  secondAt: number | null
  cells: Json
  windows: Json[]
  absorption: Json
  aggression: Json
  evidence: Json
  traps: Json
  episodes: Json
}

/** What is evaluated on the grid: delta windows, absorption, traps, aggression. */
export class GridMeasures {
  readonly evidence = new Evidence()
  readonly episodes = new AbsorptionEpisodes()
  readonly traps: TrappedTraders
  readonly #listener: OrderFlowListener
  readonly #named: Readonly<Record<DeltaWindowName, DeltaWindow>>
  readonly #windows: readonly DeltaWindow[]
  /** The one that is looked at on each grid point. The others follow when somebody looks. */
  readonly #fast: DeltaWindow
  readonly #cells: GridCells
  readonly #absorption: AbsorptionDetector
  readonly #aggression: Aggression
  readonly #windowMs: number
  readonly #tradeBasis: boolean
  #evaluatedAt: number | null = null
  #measuredAt: number | null = null
  /** The cells before this one are what the windows are as of. */
  #measuredHead = 0
  #followedAt: number | null = null
  #secondAt: number | null = null

  /** `lotsPerUnit`: lots in one unit of the base asset; `minTrapLots`: absorbed volume from which a trap can form. */
  constructor(
    config: OrderFlowConfig,
    lotsPerUnit: number,
    minTrapLots: number,
    listener: OrderFlowListener,
  ) {
    const { absorption } = config
    this.#listener = listener
    this.#windowMs = absorption.window_ms
    this.#tradeBasis = absorption.volume_basis === 'trade'
    this.#named = {
      '5s': new DeltaWindow(DELTA_WINDOWS['5s']),
      '15s': new DeltaWindow(DELTA_WINDOWS['15s']),
      '1m': new DeltaWindow(DELTA_WINDOWS['1m']),
      '5m': new DeltaWindow(DELTA_WINDOWS['5m']),
    }
    this.#windows = Object.values(this.#named)
    this.#fast = this.#named['5s']
    this.#cells = new GridCells(config.grid_ms, DELTA_WINDOWS['5m'])
    this.#absorption = new AbsorptionDetector(absorption, this.#cells, lotsPerUnit)
    this.#aggression = new Aggression(config.aggression)
    this.traps = new TrappedTraders(config.trap, minTrapLots)
  }

  /** The last grid point that was evaluated. */
  get evaluatedAt(): number | null {
    return this.#evaluatedAt
  }

  /** What the delta windows are as of. */
  get measuredAt(): number | null {
    return this.#measuredAt
  }

  /** The delta windows as of `measuredAt`. */
  get windows(): Readonly<Record<DeltaWindowName, DeltaWindow>> {
    this.#follow()
    return this.#named
  }

  /** Takes in a cell that is over. */
  addCell(cell: OpenCell): void {
    this.#cells.push(cell)
  }

  /** Where the grid begins: the first point has nothing before it and is not evaluated. */
  begin(at: number): void {
    this.#evaluatedAt = at
  }

  /** Moves the delta windows to `at` without evaluating anything. */
  advance(at: number): void {
    this.#measuredAt = at
    this.#measuredHead = this.#cells.head
    this.#fast.advance(this.#cells, at, this.#measuredHead)
  }

  /**
   * Sums are whole, so it does not matter how often they are brought up to date, as long as it happens
   * before a cell is overwritten: features ask for all of them at each bar.
   */
  #follow(): void {
    if (this.#measuredAt === null || this.#followedAt === this.#measuredAt) return
    for (const window of this.#windows)
      window.advance(this.#cells, this.#measuredAt, this.#measuredHead)
    this.#followedAt = this.#measuredAt
  }

  /** Evaluates the grid point `at`, with `price` the last one before it, in ticks. */
  evaluate(at: number, price: number, regime: VolatilityState | null): void {
    this.#evaluatedAt = at
    this.advance(at)
    const isSecond = this.#isSecond(at)
    if (isSecond) this.#listener.onMeasures?.(at)
    if (this.#absorption.evaluate(at, price, regime)) this.#onAbsorption(price)
    else this.#endEpisode(at)
    const trap = this.traps.check(price, at)
    if (trap !== null) {
      this.evidence.trapped(trap.trappedSide, at)
      this.#listener.onTrap?.(trap)
    }
    const fast = this.#fast
    const aggressor = this.#aggression.sideOf(fast.ratio, fast.volume)
    if (aggressor !== null) this.evidence.aggressive(aggressor, at)
    if (isSecond) this.#sample(at)
  }

  /** A print, as the history that single trades are compared with needs it. */
  addTrade(lots: number): void {
    if (this.#tradeBasis) this.#absorption.addTrade(lots)
  }

  /** Time went on without a trade: an episode does not outlive its window. */
  onSilence(at: number): void {
    if (this.#evaluatedAt !== null && at - this.#evaluatedAt > this.#windowMs) this.#endEpisode(at)
  }

  /** A whole second, or a second after the last one when its own grid point saw no trade. */
  #isSecond(at: number): boolean {
    return at % SECOND_MS === 0 || this.#secondAt === null || at - this.#secondAt >= SECOND_MS
  }

  /** After the evaluation, so that nothing is compared with itself. */
  #sample(at: number): void {
    this.#secondAt = at
    this.#aggression.sample(this.#fast.volume)
    if (!this.#tradeBasis) this.#absorption.sample()
  }

  #onAbsorption(price: number): void {
    const { reading } = this.#absorption
    const { at, side } = reading
    this.#listener.onAbsorption?.(reading)
    if (this.episodes.open !== null && this.episodes.open.side !== side) this.#endEpisode(at)
    if (this.episodes.hold(reading)) this.#listener.onAbsorptionStarted?.(reading)
    this.evidence.absorbed(side, at)
    this.traps.onAbsorption(side, reading.absorbedLots, price, at)
  }

  #endEpisode(at: number): void {
    const ended = this.episodes.end(at)
    if (ended !== null) this.#listener.onAbsorptionEnded?.(ended)
  }

  snapshot(): Json {
    this.#follow()
    const base = Math.min(this.#absorption.tail, ...this.#windows.map(({ tail }) => tail))
    return {
      evaluatedAt: this.#evaluatedAt,
      measuredAt: this.#measuredAt,
      secondAt: this.#secondAt,
      cells: this.#cells.snapshot(base),
      windows: this.#windows.map((window) => window.snapshot(base)),
      absorption: this.#absorption.snapshot(base),
      aggression: this.#aggression.snapshot(),
      evidence: this.evidence.snapshot(),
      traps: this.traps.snapshot(),
      episodes: this.episodes.snapshot(),
    }
  }

  restore(json: Json): void {
    const saved = json as Saved
    this.#evaluatedAt = saved.evaluatedAt
    this.#measuredAt = saved.measuredAt
    this.#followedAt = saved.measuredAt
    this.#secondAt = saved.secondAt
    this.#cells.restore(saved.cells)
    for (const [i, window] of this.#windows.entries()) window.restore(saved.windows[i]!)
    this.#absorption.restore(saved.absorption)
    this.#aggression.restore(saved.aggression)
    this.evidence.restore(saved.evidence)
    this.traps.restore(saved.traps)
    this.episodes.restore(saved.episodes)
  }
}
