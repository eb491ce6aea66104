/**
 * Indicators: what a chart would show, computed one closed bar or one print at a time.
 *
 * Entry points: `WilderAtr`, `WilderRsi`, `DirectionalMovement`, `ExponentialMean`, `Swings`,
 * `VolatilityRank` (closed bars); `VolumeWeightedMean` (VWAP and its
 * deviation); `VolumeProfile` (point of control, value area); `RollingPercentile`. Invariants: nothing looks
 * ahead; unknown is null, never 0; state goes through JSON and back without a change.
 */
export { WilderAtr, type FirstRange } from './wilder-atr.ts'
export { ExponentialMean } from './exponential-mean.ts'
export { WilderRsi } from './wilder-rsi.ts'
export { DirectionalMovement } from './directional-movement.ts'
export { percentileIndex, percentileRank } from './percentile.ts'
export { RollingPercentile } from './rolling-percentile.ts'
export { VolumeWeightedMean } from './volume-weighted-mean.ts'
export { Swings } from './swings.ts'
export { VolatilityRank, volatilityStateOf, type VolatilityState } from './volatility-rank.ts'
export { valueArea, type ProfileBin, type ValueArea } from './value-area.ts'
export { VolumeProfile } from './volume-profile.ts'
