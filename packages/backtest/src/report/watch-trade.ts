import type { BarClosed, InstrumentConfig, TradingConfig } from '@tapedeck/contracts'
import {
  BarBuilder,
  OrderFlowEngine,
  fromSteps,
  parseStep,
  viewFootprints,
  type ClosedTrade,
  type FootprintView,
} from '@tapedeck/core'
import type { ContextBar, TradeContext } from './trade-context.ts'

const MINUTE = 60_000
const BEFORE = 15 * MINUTE
const AFTER = 10 * MINUTE
/** More bars than this are not readable in one picture: a long trade shows its beginning. */
const MOST_MINUTES = 180
/** Footprints either side of the entry's minute. */
const NEIGHBORS = 3

const startOfMinute = (at: number): number => at - (at % MINUTE)

const toContextBar = (bar: BarClosed): ContextBar => {
  const tick = parseStep(bar.tick_size)
  const lot = parseStep(bar.lot_size)
  return {
    open_time: bar.open_time,
    open: fromSteps(bar.open_ticks, tick),
    high: fromSteps(bar.high_ticks, tick),
    low: fromSteps(bar.low_ticks, tick),
    close: fromSteps(bar.close_ticks, tick),
    volume: fromSteps(bar.volume_lots, lot),
    delta: fromSteps(bar.delta_lots, lot),
  }
}

/** Sees the prints around one trade and keeps what a picture of it needs, by the core's own bars and order flow. */
export class TradeWatch {
  readonly symbol: string
  /** Half open: what it wants to see. */
  readonly from: number
  readonly to: number
  readonly #trade: ClosedTrade
  readonly #rowHeight: number
  readonly #builder: BarBuilder
  readonly #engine: OrderFlowEngine
  readonly #bars: ContextBar[] = []
  #footprints: FootprintView[] | null = null
  #lastId = -1
  #reached: number

  constructor(trade: ClosedTrade, instrument: InstrumentConfig, trading: TradingConfig) {
    const entry = startOfMinute(trade.entered_at)
    this.symbol = trade.symbol
    this.from = entry - BEFORE
    this.to = Math.min(startOfMinute(trade.exited_at) + AFTER, this.from + MOST_MINUTES * MINUTE)
    this.#trade = trade
    this.#rowHeight = instrument.profile_bin_ticks * fromSteps(1, parseStep(instrument.tick_size))
    this.#builder = new BarBuilder({ instrument, base: '1m' })
    this.#engine = new OrderFlowEngine(instrument, trading.order_flow, trading.session)
    this.#reached = this.from
  }

  /** A print of the symbol. What was seen is dropped, what is late counts as of now, as the composer does. */
  print(id: number, priceTicks: number, lots: number, time: number, maker: 0 | 1): void {
    if (time < this.from || time >= this.to || id <= this.#lastId) return
    this.#lastId = id
    this.#reached = Math.max(this.#reached, time)
    this.#keep(this.#builder.addTrade(priceTicks, lots, maker, this.#reached))
    const entry = startOfMinute(this.#trade.entered_at)
    if (this.#reached >= entry + (NEIGHBORS + 1) * MINUTE) this.#footprints ??= this.#look(entry)
    else if (this.#reached >= entry - NEIGHBORS * MINUTE)
      this.#engine.onTrade(id, priceTicks, lots, this.#reached, maker === 1)
  }

  finish(): TradeContext {
    this.#keep(this.#builder.closeUntil(this.to))
    return {
      trade_id: this.#trade.trade_id,
      bar_ms: MINUTE,
      bars: this.#bars,
      footprint_ms: MINUTE,
      footprints: this.#footprints ?? this.#look(startOfMinute(this.#trade.entered_at)),
      row_height: this.#rowHeight,
    }
  }

  #keep(closed: readonly BarClosed[]): void {
    for (const bar of closed) if (bar.timeframe === '1m') this.#bars.push(toContextBar(bar))
  }

  #look(entry: number): FootprintView[] {
    const first = entry - NEIGHBORS * MINUTE
    return viewFootprints(this.#engine, '1m', 2 * NEIGHBORS + 1).filter(
      ({ open_time }) => open_time >= first,
    )
  }
}
