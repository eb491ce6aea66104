import type { OrderFlowConfig, SessionConfig } from '@tapedeck/contracts'
import { sessionOf } from '../calendar/index.ts'
import type { Json } from '../decider.ts'
import { VolumeWeightedMean } from '../indicators/index.ts'
import { MarketState } from './market-state.ts'
import type { OpenCell } from './open-cell.ts'

const DAY_MS = 86_400_000
/** A session that is joined later than this was not watched from its start. */
const GRACE_MS = 60_000

type Saved = { start: number | null; cvd: number; vwap: Json; marketState: Json }

/** What begins anew with each trading session: CVD, VWAP, initial balance and market state. */
export class SessionMeasures {
  readonly vwap = new VolumeWeightedMean()
  readonly marketState: MarketState
  readonly #startUtc: string
  readonly #initialBalanceMs: number
  #start: number | null = null
  #cvd = 0

  constructor(config: OrderFlowConfig, session: SessionConfig) {
    this.marketState = new MarketState(config.market_state)
    this.#startUtc = session.start_utc
    this.#initialBalanceMs = session.initial_balance_minutes * 60_000
  }

  /** When the running session began; null before the first event. */
  get start(): number | null {
    return this.#start
  }

  /** When the next one begins; 0 before the first event. */
  get end(): number {
    return this.#start === null ? 0 : this.#start + DAY_MS
  }

  /** Delta since the session's start, in lots. */
  get cvdLots(): number {
    return this.#cvd
  }

  isInitialBalanceDone(at: number): boolean {
    return this.#start !== null && at >= this.#start + this.#initialBalanceMs
  }

  addCell(cell: OpenCell): void {
    const volume = cell.buy + cell.sell
    this.#cvd += cell.buy - cell.sell
    this.vwap.addGroup(
      volume,
      cell.first + cell.excess / volume,
      cell.excessSquares - (cell.excess * cell.excess) / volume,
    )
    if (!this.isInitialBalanceDone(cell.start)) this.marketState.widen(cell.high, cell.low)
  }

  /** Begins the session that holds `at`. */
  begin(at: number): void {
    const { started_at: start } = sessionOf(at, this.#startUtc)
    this.marketState.reset(this.end === start || at < start + GRACE_MS)
    this.vwap.reset()
    this.#cvd = 0
    this.#start = start
  }

  snapshot(): Json {
    return {
      start: this.#start,
      cvd: this.#cvd,
      vwap: this.vwap.snapshot(),
      marketState: this.marketState.snapshot(),
    }
  }

  restore(json: Json): void {
    const saved = json as Saved
    this.#start = saved.start
    this.#cvd = saved.cvd
    this.vwap.restore(saved.vwap)
    this.marketState.restore(saved.marketState)
  }
}
