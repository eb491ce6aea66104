import type { InstrumentConfig, MarketStateName } from '@tapedeck/contracts'
import type { EndedEpisode } from './absorption-episode.ts'
import type { AbsorptionReading } from './absorption.ts'
import type { Divergence } from './cvd-divergence.ts'
import type { Trap } from './trapped-traders.ts'

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
