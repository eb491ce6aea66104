import type { Features, Measures } from '@tapedeck/contracts'
import { utcDate } from '../calendar/index.ts'
import { fromSteps } from '../market/index.ts'
import type { DeltaWindow, DeltaWindowName } from './delta-window.ts'
import { readFunding } from './funding.ts'
import type { OrderFlowEngine } from './order-flow-engine.ts'
import type { ProfilePrices } from './profiles.ts'

const perWindow = (
  windows: OrderFlowEngine['grid']['windows'],
  read: (window: DeltaWindow) => number,
): Record<DeltaWindowName, number> => ({
  '5s': read(windows['5s']),
  '15s': read(windows['15s']),
  '1m': read(windows['1m']),
  '5m': read(windows['5m']),
})

const flowOf = ({ grid: { windows } }: OrderFlowEngine) => ({
  delta_lots: perWindow(windows, ({ delta }) => delta),
  delta_ratio: perWindow(windows, ({ ratio }) => ratio),
  volume_lots: perWindow(windows, ({ volume }) => volume),
})

/** Ticks, whole or not, in quote units. */
const inQuote = (engine: OrderFlowEngine, ticks: number | null): number | null =>
  ticks === null ? null : fromSteps(ticks, engine.tick)

/** Ticks x lots in quote units. */
const quoteValue = ({ tick, lot }: OrderFlowEngine, ticksLots: number): number =>
  (ticksLots * tick.mantissa * lot.mantissa) / (tick.pow * lot.pow)

/** `orderflow.measures` as of the grid point `at`; null before the first price. */
export const measuresAt = (engine: OrderFlowEngine, at: number): Measures | null => {
  const { priceTicks, instrument } = engine
  if (priceTicks === null) return null
  return {
    venue: instrument.venue,
    symbol: instrument.symbol,
    at,
    price_ticks: priceTicks,
    ...flowOf(engine),
    cvd_lots: engine.session.cvdLots,
    vwap: inQuote(engine, engine.session.vwap.mean),
    vwap_std: inQuote(engine, engine.session.vwap.deviation),
    tainted_until: engine.taint.untilAt(at),
  }
}

const profileOf = (prices: ProfilePrices | null): Features['profile_session'] =>
  prices === null
    ? null
    : {
        poc_ticks: prices.pocTicks,
        vah_ticks: prices.vahTicks,
        val_ticks: prices.valTicks,
        volume_lots: prices.volumeLots,
      }

const fundingOf = ({ funding, config }: OrderFlowEngine): Features['funding'] => {
  const { rate } = funding
  if (rate === null) return null
  const reading = readFunding(rate, config.funding)
  return {
    rate,
    crowding: reading.crowding,
    extremity: reading.extremity,
    change_1h: funding.changeInHour(),
    sentiment: reading.sentiment,
    strength: reading.strength,
    filter_long: reading.filterLong,
    filter_short: reading.filterShort,
  }
}

const wallsOf = (
  { book, profiles, instrument, config }: OrderFlowEngine,
  priceTicks: number,
): Pick<Features, 'wall_below' | 'wall_above'> => {
  const session = profiles.of('session')
  const binTicks = instrument.profile_bin_ticks
  return {
    wall_below: book.wall('below', priceTicks, session, binTicks, config.wall),
    wall_above: book.wall('above', priceTicks, session, binTicks, config.wall),
  }
}

const barFeatures = (engine: OrderFlowEngine, at: number) => {
  const { bars } = engine
  return {
    bars_15s: bars.bars15s.map((bar) => ({ ...bar })),
    bars_15m: bars.bars15m.map((bar) => ({ ...bar })),
    divergence: bars.divergenceAt(at),
    atr_15s: inQuote(engine, bars.atr15s.value),
    atr_15m: inQuote(engine, bars.atr15m.value),
    volatility_state: bars.volatility.state,
    swing_high_ticks: bars.swings15m.high,
    swing_low_ticks: bars.swings15m.low,
    swing_high_15s_ticks: bars.swings15s.high,
    swing_low_15s_ticks: bars.swings15s.low,
  }
}

/**
 * `orderflow.features` for the 15 s bar that closed at `at`. Call it from the engine's `onFeatures`,
 * where everything stands at that boundary.
 */
export const featuresAt = (engine: OrderFlowEngine, at: number): Features => {
  const { instrument, session, grid, profiles, book } = engine
  const price = engine.bars.bars15s.at(-1)?.close_ticks ?? engine.priceTicks
  if (price === null || session.start === null)
    throw new RangeError(`features of ${instrument.symbol} at ${at}: no bar has closed yet`)
  const resting = book.depthNearMid()
  return {
    venue: instrument.venue,
    symbol: instrument.symbol,
    at,
    tick_size: instrument.tick_size,
    lot_size: instrument.lot_size,
    session_id: utcDate(session.start),
    session_started_at: session.start,
    price_ticks: price,
    ...barFeatures(engine, at),
    ...flowOf(engine),
    cvd_lots: engine.session.cvdLots,
    price_15s_ago_ticks: engine.interval.priceBefore(at, engine.priceTicks),
    absorbed: grid.evidence.absorbedIn(at),
    aggressive: grid.evidence.aggressiveIn(at),
    trapped: grid.evidence.trappedIn(at),
    vwap: inQuote(engine, engine.session.vwap.mean),
    vwap_std: inQuote(engine, engine.session.vwap.deviation),
    profile_session: profileOf(profiles.prices('session')),
    profile_previous: profileOf(profiles.previousPrices()),
    market_state: session.marketState.state,
    initial_balance_done: session.isInitialBalanceDone(at),
    ...wallsOf(engine, price),
    funding: fundingOf(engine),
    spread_percent: book.spreadPercent(),
    depth_quote: resting === null ? null : quoteValue(engine, resting),
    volume_5m_quote: quoteValue(engine, grid.windows['5m'].notional),
    tainted_until: engine.taint.untilAt(at),
  }
}
