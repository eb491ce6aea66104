import { output, type MarketStateName, type Output, type TradingConfig } from '@tapedeck/contracts'
import type { EndedEpisode } from './absorption-episode.ts'
import type { AbsorptionReading } from './absorption.ts'
import type { Divergence } from './cvd-divergence.ts'
import { OrderFlowEngine } from './order-flow-engine.ts'
import type { EngineInstrument } from './order-flow-listener.ts'
import { featuresAt, measuresAt } from './order-flow-payloads.ts'
import type { Trap } from './trapped-traders.ts'

/** The part of the trading configuration that order flow is decided by. */
export type OrderFlowDeciderConfig = Pick<TradingConfig, 'instruments' | 'session' | 'order_flow'>

/**
 * Stands for `orderflow.measures` that nobody listens to: no decider reads them, so a host that tells
 * nobody may have them counted instead of made. One and the same object each time.
 */
export const UNHEARD_MEASURES = Object.freeze({
  type: 'orderflow.measures',
  aggregate_id: '',
  aggregate_version: 1,
  occurred_at: 0,
  payload: null,
}) as unknown as Output

/** One symbol's engine, with what it sees turned into outputs. */
export class SymbolFlow {
  readonly engine: OrderFlowEngine
  readonly #append: (output: Output) => void
  readonly #on: { readonly venue: string; readonly symbol: string }
  /** Changes of the market state so far; its aggregate lives as long as the run. */
  marketStateVersion = 0

  constructor(
    instrument: EngineInstrument,
    config: OrderFlowDeciderConfig,
    append: (output: Output) => void,
    measures: 'told' | 'counted' = 'told',
  ) {
    this.#append = append
    this.#on = { venue: instrument.venue, symbol: instrument.symbol }
    this.engine = new OrderFlowEngine(instrument, config.order_flow, config.session, {
      onMeasures: measures === 'told' ? (at) => this.#measures(at) : () => this.#countMeasures(),
      onAbsorptionStarted: (reading) => this.#absorptionStarted(reading),
      onAbsorptionEnded: (episode) => this.#absorptionEnded(episode),
      onTrap: (trap) => this.#trap(trap),
      onDivergence: (at, divergence) => this.#divergence(at, divergence),
      onMarketState: (at, state, previous) => this.#marketState(at, state, previous),
      onFeatures: (at) => this.#features(at),
    })
  }

  /** What is about one moment has one event: its id is the moment, its version 1. */
  #moment(at: number): {
    aggregate_id: string
    aggregate_version: number
    occurred_at: number
  } {
    const { venue, symbol } = this.#on
    return { aggregate_id: `${venue}.${symbol}.${at}`, aggregate_version: 1, occurred_at: at }
  }

  #measures(at: number): void {
    const payload = measuresAt(this.engine, at)
    if (payload !== null)
      this.#append(output('orderflow.measures', { ...this.#moment(at), payload }))
  }

  /** Nobody listens: it takes its place in the sequence, and that is all. */
  #countMeasures(): void {
    if (this.engine.priceTicks !== null) this.#append(UNHEARD_MEASURES)
  }

  #features(at: number): void {
    const payload = featuresAt(this.engine, at)
    this.#append(output('orderflow.features', { ...this.#moment(at), payload }))
  }

  #absorptionStarted(reading: Readonly<AbsorptionReading>): void {
    const { at } = reading
    this.#append(
      output('orderflow.absorption.started', {
        ...this.#moment(at),
        payload: {
          ...this.#on,
          at,
          side: reading.side,
          absorbed_lots: reading.absorbedLots,
          low_ticks: reading.lowTicks,
          high_ticks: reading.highTicks,
          weighted_lots: reading.weightedLots,
          threshold_lots: reading.thresholdLots,
          confidence: reading.confidence,
        },
      }),
    )
  }

  /** The second and last event about the episode that its start named. */
  #absorptionEnded(episode: EndedEpisode): void {
    this.#append(
      output('orderflow.absorption.ended', {
        ...this.#moment(episode.startedAt),
        aggregate_version: 2,
        occurred_at: episode.endedAt,
        payload: {
          ...this.#on,
          side: episode.side,
          started_at: episode.startedAt,
          ended_at: episode.endedAt,
          peak_lots: episode.peakLots,
          low_ticks: episode.lowTicks,
          high_ticks: episode.highTicks,
        },
      }),
    )
  }

  #trap(trap: Trap): void {
    this.#append(
      output('orderflow.trap.confirmed', {
        ...this.#moment(trap.at),
        payload: {
          ...this.#on,
          at: trap.at,
          trapped_side: trap.trappedSide,
          trap_ticks: trap.trapTicks,
          price_ticks: trap.priceTicks,
          absorption_lots: trap.absorptionLots,
          estimated_stops_lots: trap.estimatedStopsLots,
          confidence: trap.confidence,
        },
      }),
    )
  }

  #divergence(at: number, found: Divergence): void {
    this.#append(
      output('orderflow.divergence.detected', {
        ...this.#moment(at),
        payload: {
          ...this.#on,
          at,
          divergence: found.divergence,
          price_change_fraction: found.priceChangeFraction,
          cvd_change_lots: found.cvdChangeLots,
          atr_multiple: found.atrMultiple,
          confidence: found.confidence,
        },
      }),
    )
  }

  #marketState(at: number, state: MarketStateName, previous: MarketStateName): void {
    const { initialBalance, deltaTrend } = this.engine.session.marketState
    this.#append(
      output('orderflow.market_state.changed', {
        aggregate_id: `${this.#on.venue}.${this.#on.symbol}`,
        aggregate_version: ++this.marketStateVersion,
        occurred_at: at,
        payload: {
          ...this.#on,
          at,
          state,
          previous,
          ib_high_ticks: initialBalance?.high ?? null,
          ib_low_ticks: initialBalance?.low ?? null,
          delta_trend_lots: deltaTrend,
        },
      }),
    )
  }
}
