import type { BarClosed, TradingConfig } from '@tapedeck/contracts'
import {
  BarBuilder,
  OrderFlowEngine,
  fromSteps,
  inExitOrder,
  parseStep,
  viewFootprints,
  type ClosedTrade,
  type FootprintView,
} from '@tapedeck/core'
import type { TapeReader } from '../tape/tape-chunk.ts'
import type { BacktestContext, ContextBar, TradeContext } from './trade-context.ts'

const MINUTE = 60_000
const BEFORE = 15 * MINUTE
const AFTER = 10 * MINUTE
/** More bars than this are not readable in one picture: a long trade shows its beginning. */
const MOST_MINUTES = 180
/** Footprints either side of the entry's minute. */
const NEIGHBORS = 3

const startOfMinute = (at: number): number => at - (at % MINUTE)

/** The best, the worst, and the rest evenly over time: what a person would look at first. */
const choose = (trades: readonly ClosedTrade[], most: number): ClosedTrade[] => {
  if (trades.length <= most) return [...trades]
  const byResult = trades.toSorted((a, b) => a.net_pnl - b.net_pnl)
  const extremes = Math.floor(most / 4)
  const chosen = new Set([...byResult.slice(0, extremes), ...byResult.slice(-extremes)])
  const rest = trades.filter((trade) => !chosen.has(trade))
  const evenly = most - chosen.size
  for (let index = 0; index < evenly; index++)
    chosen.add(rest[Math.floor((index * rest.length) / evenly)]!)
  return inExitOrder([...chosen])
}

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

/**
 * Reads the tape again around trades: bars of a minute and the footprints of the entry's minute and its
 * neighbors, built by the core's own bar builder and order-flow engine. Costs nothing during the run, and
 * memory for one trade at a time. `most` trades at most (default 40), the best and worst among them.
 */
export const collectContext = async (
  tape: TapeReader,
  trading: TradingConfig,
  trades: readonly ClosedTrade[],
  most = 40,
): Promise<BacktestContext> => {
  const chosen = choose(inExitOrder(trades), most)
  const contexts: TradeContext[] = []
  for (const trade of chosen) {
    const context = await contextOf(tape, trading, trade)
    if (context !== null) contexts.push(context)
  }
  return {
    format: 'tapedeck-context',
    version: 1,
    trades: contexts,
    chosen:
      chosen.length === trades.length
        ? null
        : `${chosen.length} of ${trades.length} trades: the best, the worst, and others evenly over time`,
  }
}

const contextOf = async (
  tape: TapeReader,
  trading: TradingConfig,
  trade: ClosedTrade,
): Promise<TradeContext | null> => {
  const traded = tape.instruments.find(({ symbol }) => symbol === trade.symbol)
  const instrument = trading.instruments.find(
    ({ symbol, venue }) => symbol === trade.symbol && venue === traded?.venue,
  )
  if (instrument === undefined) return null
  const entry = startOfMinute(trade.entered_at)
  const from = Math.max(startOfMinute(tape.from), entry - BEFORE)
  const to = Math.min(startOfMinute(trade.exited_at) + AFTER, from + MOST_MINUTES * MINUTE)
  const footprintEnd = entry + (NEIGHBORS + 1) * MINUTE
  const builder = new BarBuilder({ instrument, base: '1m' })
  const engine = new OrderFlowEngine(instrument, trading.order_flow, trading.session)
  const bars: ContextBar[] = []
  let footprints: FootprintView[] | null = null
  const keep = (closed: readonly BarClosed[]): void => {
    for (const bar of closed) if (bar.timeframe === '1m') bars.push(toContextBar(bar))
  }
  const look = (): FootprintView[] =>
    viewFootprints(engine, '1m', 2 * NEIGHBORS + 1).filter(
      ({ open_time }) => open_time >= entry - NEIGHBORS * MINUTE && open_time < footprintEnd,
    )
  for await (const chunk of tape.trades(trade.symbol, { from, to }))
    for (let row = 0; row < chunk.count; row++) {
      if (chunk.excluded?.[row] === 1) continue
      const time = chunk.time[row]!
      const maker = chunk.maker[row] === 1
      keep(builder.addTrade(chunk.priceTicks[row]!, chunk.quantityLots[row]!, maker ? 1 : 0, time))
      if (time >= footprintEnd) footprints ??= look()
      else if (time >= entry - NEIGHBORS * MINUTE)
        engine.onTrade(
          chunk.id[row]!,
          chunk.priceTicks[row]!,
          chunk.quantityLots[row]!,
          time,
          maker,
        )
    }
  keep(builder.closeUntil(to))
  return {
    trade_id: trade.trade_id,
    bar_ms: MINUTE,
    bars,
    footprint_ms: MINUTE,
    footprints: footprints ?? look(),
    row_height: instrument.profile_bin_ticks * fromSteps(1, parseStep(instrument.tick_size)),
  }
}
