import type { MarketStateName, Side } from '@tapedeck/contracts'
import { utcDate } from '../calendar/index.ts'
import { valueArea } from '../indicators/index.ts'
import { fromSteps, stepsToDecimal } from '../market/index.ts'
import type { FootprintLevel } from './bin-volumes.ts'
import { DELTA_WINDOW_NAMES, type DeltaWindowName } from './delta-window.ts'
import type { FootprintTimeframe } from './footprint-history.ts'
import { readFootprint } from './footprint.ts'
import type { OrderFlowEngine } from './order-flow-engine.ts'
import { pocTicksOf, profilePrices, type ProfilePeriod } from './profiles.ts'

type PerWindow<T> = Record<DeltaWindowName, T>

/** Order flow as it stands, for people: prices and quantities as decimal strings. */
export type MeasuresView = {
  readonly venue: string
  readonly symbol: string
  readonly at: number
  readonly session_id: string | null
  readonly price: string
  readonly delta: PerWindow<string>
  readonly delta_ratio: PerWindow<number>
  readonly volume: PerWindow<string>
  readonly cvd: string
  readonly vwap: number | null
  readonly vwap_std: number | null
  readonly atr_15s: number | null
  readonly atr_15m: number | null
  readonly market_state: MarketStateName
  readonly initial_balance: { readonly high: string; readonly low: string } | null
  readonly absorption: {
    readonly side: Side
    readonly started_at: number
    readonly peak: string
  } | null
  readonly pending_trap: {
    readonly side: Side
    readonly price: string
    readonly volume: string
    readonly at: number
  } | null
  readonly tainted_until: number | null
}

const perWindow = <T>(read: (name: DeltaWindowName) => T): PerWindow<T> =>
  Object.fromEntries(DELTA_WINDOW_NAMES.map((name) => [name, read(name)])) as PerWindow<T>

/** The measures as of the last evaluated grid point; null before the first. */
export const viewMeasures = (engine: OrderFlowEngine): MeasuresView | null => {
  const { instrument, grid, session, priceTicks, bars } = engine
  const { measuredAt: at, windows } = grid
  if (at === null || priceTicks === null) return null
  const price = (ticks: number): string => stepsToDecimal(ticks, engine.tick)
  const quantity = (lots: number): string => stepsToDecimal(lots, engine.lot)
  const quote = (ticks: number | null): number | null =>
    ticks === null ? null : fromSteps(ticks, engine.tick)
  const balance = session.marketState.initialBalance
  const episode = grid.episodes.open
  const trap = grid.traps.pending
  return {
    venue: instrument.venue,
    symbol: instrument.symbol,
    at,
    session_id: session.start === null ? null : utcDate(session.start),
    price: price(priceTicks),
    delta: perWindow((name) => quantity(windows[name].delta)),
    delta_ratio: perWindow((name) => windows[name].ratio),
    volume: perWindow((name) => quantity(windows[name].volume)),
    cvd: quantity(session.cvdLots),
    vwap: quote(session.vwap.mean),
    vwap_std: quote(session.vwap.deviation),
    atr_15s: quote(bars.atr15s.value),
    atr_15m: quote(bars.atr15m.value),
    market_state: session.marketState.state,
    initial_balance:
      balance === null ? null : { high: price(balance.high), low: price(balance.low) },
    absorption:
      episode === null
        ? null
        : { side: episode.side, started_at: episode.startedAt, peak: quantity(episode.peakLots) },
    pending_trap:
      trap === null
        ? null
        : {
            side: trap.side,
            price: price(trap.priceTicks),
            volume: quantity(trap.lots),
            at: trap.at,
          },
    tainted_until: engine.taint.untilAt(at),
  }
}

/** One bar's footprint. A row's price is the lowest of its bin; imbalances and stacks name rows by it. */
export type FootprintView = {
  readonly open_time: number
  readonly rows: readonly { readonly price: string; readonly buy: string; readonly sell: string }[]
  readonly poc: string | null
  readonly delta: string
  readonly volume: string
  readonly imbalances: readonly { readonly price: string; readonly side: Side }[]
  readonly stacks: readonly { readonly side: Side; readonly low: string; readonly high: string }[]
  readonly unfinished_high: boolean
  readonly unfinished_low: boolean
}

/** Footprints of the last `limit` bars, the open one included, oldest first. */
export const viewFootprints = (
  engine: OrderFlowEngine,
  timeframe: FootprintTimeframe,
  limit: number,
): FootprintView[] => {
  const { interval } = engine
  const open = interval.bins.isEmpty
    ? null
    : { openTime: interval.start, levels: interval.bins.levels() }
  return engine.footprints
    .last(timeframe, limit, open)
    .map(({ openTime, levels }) => footprintView(engine, openTime, levels))
}

const footprintView = (
  engine: OrderFlowEngine,
  openTime: number,
  levels: readonly FootprintLevel[],
): FootprintView => {
  const { instrument, config } = engine
  const width = instrument.profile_bin_ticks
  const price = (bin: number): string => stepsToDecimal(bin * width, engine.tick)
  const quantity = (lots: number): string => stepsToDecimal(lots, engine.lot)
  const reading = readFootprint(levels, {
    ratio: config.footprint_imbalance_ratio,
    stacked: config.footprint_stacked,
    floorLots: (instrument.footprint_imbalance_floor * engine.lot.pow) / engine.lot.mantissa,
  })
  const bins = levels.map(({ bin, buyLots, sellLots }) => ({ bin, lots: buyLots + sellLots }))
  const poc = valueArea(bins, config.value_area_fraction)
  const buy = levels.reduce((sum, { buyLots }) => sum + buyLots, 0)
  const sell = levels.reduce((sum, { sellLots }) => sum + sellLots, 0)
  return {
    open_time: openTime,
    rows: levels.map(({ bin, buyLots, sellLots }) => ({
      price: price(bin),
      buy: quantity(buyLots),
      sell: quantity(sellLots),
    })),
    poc: poc === null ? null : price(poc.pocBin),
    delta: quantity(buy - sell),
    volume: quantity(buy + sell),
    imbalances: reading.imbalances.map(({ bin, side }) => ({ price: price(bin), side })),
    stacks: reading.stacks.map(({ side, lowBin, highBin }) => ({
      side,
      low: price(lowBin),
      high: price(highBin),
    })),
    unfinished_high: reading.unfinishedHigh,
    unfinished_low: reading.unfinishedLow,
  }
}

export type ProfileView = {
  readonly period: ProfilePeriod
  readonly rows: readonly { readonly price: string; readonly volume: string }[]
  readonly poc: string | null
  readonly vah: string | null
  readonly val: string | null
  readonly volume: string
  readonly naked_pocs: readonly { readonly session_id: string; readonly price: string }[]
}

/** The developing profile of a period, up to the last print. A row's price is the lowest of its bin. */
export const viewProfile = (engine: OrderFlowEngine, period: ProfilePeriod): ProfileView => {
  const { instrument, config, interval } = engine
  const width = instrument.profile_bin_ticks
  const price = (ticks: number): string => stepsToDecimal(ticks, engine.tick)
  const quantity = (lots: number): string => stepsToDecimal(lots, engine.lot)
  const profile = engine.profiles.of(period).copy()
  for (const { bin, buyLots, sellLots } of interval.bins.levels())
    profile.add(bin, buyLots + sellLots)
  const area = profile.valueArea(config.value_area_fraction)
  const prices = area === null ? null : profilePrices(area, width)
  return {
    period,
    rows: profile
      .bins()
      .map(({ bin, lots }) => ({ price: price(bin * width), volume: quantity(lots) })),
    poc: area === null ? null : price(pocTicksOf(area.pocBin, width)),
    vah: prices === null ? null : price(prices.vahTicks),
    val: prices === null ? null : price(prices.valTicks),
    volume: quantity(prices?.volumeLots ?? 0),
    naked_pocs: engine.profiles.nakedPocs().map(({ sessionStartedAt, pocTicks }) => ({
      session_id: utcDate(sessionStartedAt),
      price: price(pocTicks),
    })),
  }
}
