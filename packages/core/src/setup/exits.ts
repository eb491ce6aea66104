import type { Features, Side, StrategyConfig, VolumeWall } from '@tapedeck/contracts'
import { dec, type Dec } from '../decimal/index.ts'

/** Stop and target on the tick grid, and where the stop comes from. */
export type Exits = {
  readonly stop_ticks: number
  readonly target_ticks: number
  readonly basis: string
}

const whole = (ticks: Dec, mode: 'down' | 'up'): number =>
  (mode === 'down' ? ticks.floor() : ticks.ceil()).toNumber()

/**
 * Rounding to the tick is downward for a long and upward for a short, stop and target alike. So the
 * stop never lies nearer than its rule says (it stays behind the wall), the target never farther (it
 * is reached no later), and risk is measured from the stop as rounded.
 */
const onTicks = (ticks: Dec, side: Side): number => whole(ticks, side === 'BUY' ? 'down' : 'up')

/** What a configured fraction does to a price, and how it is written. */
type Share = { readonly less: Dec; readonly more: Dec; readonly text: string }

/** A configuration has a handful of fractions, asked for with every evaluation. */
const shares = new Map<number, Share>()
const SHARES_MAX = 256

const shareOf = (fraction: number): Share => {
  const known = shares.get(fraction)
  if (known !== undefined) return known
  const share: Share = {
    less: dec(1).minus(fraction),
    more: dec(1).plus(fraction),
    text: `${dec(fraction).times(100).toString()} %`,
  }
  if (shares.size < SHARES_MAX) shares.set(fraction, share)
  return share
}

const percent = (fraction: number): string => shareOf(fraction).text

const wallBehind = (features: Features, side: Side): VolumeWall | null => {
  const wall = side === 'BUY' ? features.wall_below : features.wall_above
  if (wall === null) return null
  const behind =
    side === 'BUY'
      ? wall.price_ticks < features.price_ticks
      : wall.price_ticks > features.price_ticks
  return behind ? wall : null
}

/** Moves a price against the trade by a fraction of itself: down for a long's stop, up for a short's. */
const against = (ticks: number, side: Side, fraction: number): Dec =>
  dec(ticks).times(side === 'BUY' ? shareOf(fraction).less : shareOf(fraction).more)

/** Trend continuation (S3 §6.2): stop behind the volume wall, else a fixed fraction; target in units of risk. */
export const trendExits = (
  features: Features,
  side: Side,
  config: StrategyConfig['trend'],
): Exits => {
  const entry = features.price_ticks
  const wall = wallBehind(features, side)
  const stop =
    wall === null
      ? onTicks(against(entry, side, config.stop_fraction), side)
      : onTicks(against(wall.price_ticks, side, config.wall_buffer_fraction), side)
  const reward = dec(entry - stop).times(config.reward_ratio)
  return {
    stop_ticks: stop,
    target_ticks: onTicks(dec(entry).plus(reward), side),
    basis:
      wall === null
        ? `${percent(config.stop_fraction)} from entry, no volume wall behind`
        : `${percent(config.wall_buffer_fraction)} behind the ${wall.source} volume wall`,
  }
}

/** Mean reversion (S3 §6.3): stop one ATR(14) of 15 m bars away, else a fixed fraction; target VWAP. */
export const reversionExits = (
  features: Features,
  side: Side,
  config: StrategyConfig['mean_reversion'],
): Exits | null => {
  if (features.vwap === null) return null
  const entry = features.price_ticks
  const atr = features.atr_15m
  const known = atr !== null && atr > 0
  const distance = known ? dec(atr).div(features.tick_size) : dec(0)
  const stop = known
    ? side === 'BUY'
      ? dec(entry).minus(distance)
      : dec(entry).plus(distance)
    : against(entry, side, config.stop_fraction)
  return {
    stop_ticks: onTicks(stop, side),
    target_ticks: onTicks(dec(features.vwap).div(features.tick_size), side),
    basis: known
      ? '1 ATR(14) of 15 m bars'
      : `${percent(config.stop_fraction)} from entry, ATR unknown`,
  }
}

/**
 * Why exits cannot be traded, or null when they can: a stop on the wrong side, at zero distance or
 * nearer than `minStopTicks`, a stop that is no price, or a target that is not beyond entry.
 */
export const exitsProblem = (
  exits: Exits,
  entryTicks: number,
  side: Side,
  minStopTicks: number,
): string | null => {
  const sign = side === 'BUY' ? 1 : -1
  const risk = sign * (entryTicks - exits.stop_ticks)
  const reward = sign * (exits.target_ticks - entryTicks)
  if (risk < 0) return 'the stop is on the wrong side of entry'
  if (risk === 0) return 'the stop is at entry'
  if (risk < minStopTicks) return `the stop is ${risk} tick from entry, at least ${minStopTicks}`
  if (exits.stop_ticks <= 0 || exits.target_ticks <= 0) return 'stop or target is not a price'
  if (reward <= 0) return 'the target is not beyond entry'
  return null
}
