import {
  OrderFlowConfig,
  SessionConfig,
  type MarketStateName,
  type Side,
} from '@tapedeck/contracts'
import { BarBuilder, fromSteps } from '../market/index.ts'
import type { AbsorptionReading } from './absorption.ts'
import type { Divergence } from './cvd-divergence.ts'
import { DELTA_WINDOW_NAMES, type DeltaWindowName } from './delta-window.ts'
import { OrderFlowEngine } from './order-flow-engine.ts'
import type { EngineInstrument, EngineOptions } from './order-flow-listener.ts'
import type { Trap } from './trapped-traders.ts'

/** A print, in ticks and lots. */
export type MeasuredTrade = {
  readonly id: number
  readonly priceTicks: number
  readonly quantityLots: number
  readonly time: number
  readonly isBuyerMaker: boolean
}

type PerWindow = Record<DeltaWindowName, number>

/** What was measured at `at` (ms). Quantities in the base asset, prices in quote units, ratios as fractions. */
export type Measurement =
  | {
      readonly at: number
      readonly kind: 'delta'
      readonly delta: PerWindow
      readonly ratio: PerWindow
      readonly cvd: number
    }
  | {
      readonly at: number
      readonly kind: 'absorption'
      readonly side: Side
      readonly absorbed: number
      readonly low: number
      readonly high: number
      readonly weighted: number
      readonly confidence: number
    }
  | {
      readonly at: number
      readonly kind: 'trapped'
      readonly side: Side
      readonly trap_price: number
      readonly price: number
      readonly absorption_volume: number
      readonly estimated_stops: number
      readonly confidence: number
    }
  | {
      readonly at: number
      readonly kind: 'divergence'
      readonly divergence: Divergence['divergence']
      readonly price_change_fraction: number
      readonly cvd_change: number
      readonly atr_multiple: number
      readonly confidence: number
    }
  | {
      readonly at: number
      readonly kind: 'market_state'
      readonly state: MarketStateName
      readonly previous: MarketStateName
    }

export type MeasureOptions = {
  readonly instrument: EngineInstrument
  /** Defaults of `OrderFlowConfig` and `SessionConfig` where left out. */
  readonly orderFlow?: OrderFlowConfig
  readonly session?: SessionConfig
  /** Overrides `orderFlow.absorption.volume_basis`. */
  readonly volumeBasis?: OrderFlowConfig['absorption']['volume_basis']
  /** Overrides `instrument.min_absorption_volume`, in the base asset. */
  readonly minAbsorptionVolume?: number
  /** `normal` (the default) keeps absorption's ratio at that of a normal regime, whatever volatility is. */
  readonly regime?: EngineOptions['regime']
}

/** Measures trades one by one; `push` returns what each of them brought to light. */
export class TradeMeasurer {
  readonly #engine: OrderFlowEngine
  readonly #bars: BarBuilder
  #found: Measurement[] = []

  constructor(options: MeasureOptions) {
    const base = options.orderFlow ?? OrderFlowConfig.parse({})
    const config: OrderFlowConfig = {
      ...base,
      absorption: {
        ...base.absorption,
        volume_basis: options.volumeBasis ?? base.absorption.volume_basis,
      },
    }
    const instrument: EngineInstrument = {
      ...options.instrument,
      min_absorption_volume:
        options.minAbsorptionVolume ?? options.instrument.min_absorption_volume,
    }
    this.#bars = new BarBuilder({ instrument })
    this.#engine = new OrderFlowEngine(
      instrument,
      config,
      options.session ?? SessionConfig.parse({}),
      {
        onMeasures: (at) => this.#found.push(this.#delta(at)),
        onAbsorption: (reading) => this.#found.push(this.#absorption(reading)),
        onTrap: (trap) => this.#found.push(this.#trap(trap)),
        onDivergence: (at, divergence) => this.#found.push(this.#divergence(at, divergence)),
        onMarketState: (at, state, previous) =>
          this.#found.push({ at, kind: 'market_state', state, previous }),
      },
      { regime: options.regime ?? 'normal' },
    )
  }

  /** Trades in order of id; times never fall. */
  push(trade: MeasuredTrade): Measurement[] {
    const { id, priceTicks, quantityLots, time, isBuyerMaker } = trade
    for (const bar of this.#bars.addTrade(priceTicks, quantityLots, isBuyerMaker ? 1 : 0, time))
      this.#engine.onBar(bar)
    this.#engine.onTrade(id, priceTicks, quantityLots, time, isBuyerMaker)
    const found = this.#found
    if (found.length > 0) this.#found = []
    return found
  }

  #price(ticks: number): number {
    return fromSteps(ticks, this.#engine.tick)
  }

  #quantity(lots: number): number {
    return fromSteps(lots, this.#engine.lot)
  }

  #delta(at: number): Measurement {
    const { grid, session } = this.#engine
    const delta: PerWindow = { '5s': 0, '15s': 0, '1m': 0, '5m': 0 }
    const ratio: PerWindow = { '5s': 0, '15s': 0, '1m': 0, '5m': 0 }
    for (const name of DELTA_WINDOW_NAMES) {
      delta[name] = this.#quantity(grid.windows[name].delta)
      ratio[name] = grid.windows[name].ratio
    }
    return { at, kind: 'delta', delta, ratio, cvd: this.#quantity(session.cvdLots) }
  }

  #absorption(reading: Readonly<AbsorptionReading>): Measurement {
    return {
      at: reading.at,
      kind: 'absorption',
      side: reading.side,
      absorbed: this.#quantity(reading.absorbedLots),
      low: this.#price(reading.lowTicks),
      high: this.#price(reading.highTicks),
      weighted: this.#quantity(reading.weightedLots),
      confidence: reading.confidence,
    }
  }

  #trap(trap: Trap): Measurement {
    return {
      at: trap.at,
      kind: 'trapped',
      side: trap.trappedSide,
      trap_price: this.#price(trap.trapTicks),
      price: this.#price(trap.priceTicks),
      absorption_volume: this.#quantity(trap.absorptionLots),
      estimated_stops: this.#quantity(trap.estimatedStopsLots),
      confidence: trap.confidence,
    }
  }

  #divergence(at: number, found: Divergence): Measurement {
    return {
      at,
      kind: 'divergence',
      divergence: found.divergence,
      price_change_fraction: found.priceChangeFraction,
      cvd_change: this.#quantity(found.cvdChangeLots),
      atr_multiple: found.atrMultiple,
      confidence: found.confidence,
    }
  }
}

/** Measures a series of trades with the core alone: no clock, no bus, no batches. */
export function* measureTrades(
  trades: Iterable<MeasuredTrade>,
  options: MeasureOptions,
): Generator<Measurement, void, undefined> {
  const measurer = new TradeMeasurer(options)
  for (const trade of trades) yield* measurer.push(trade)
}
