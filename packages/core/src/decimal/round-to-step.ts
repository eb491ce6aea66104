import { Decimal } from 'decimal.js'
import { dec, type Dec } from './decimal.ts'

/** `down` toward minus infinity, `up` toward plus infinity, `nearest` with ties to the even step. */
export type RoundMode = 'down' | 'up' | 'nearest'

const MODES = {
  down: Decimal.ROUND_FLOOR,
  up: Decimal.ROUND_CEIL,
  nearest: Decimal.ROUND_HALF_EVEN,
} as const satisfies Record<RoundMode, Decimal.Rounding>

/** The multiple of `step` next to `value`. Exact. Throws a RangeError unless the step is positive. */
export const roundToStep = (value: Dec, step: string | Dec, mode: RoundMode): Dec => {
  const grid = dec(step)
  if (grid.lte(0)) throw new RangeError(`step ${grid.toString()}: expected a positive decimal`)
  return value.toNearest(grid, MODES[mode])
}

/** The largest multiple of `step` that does not exceed `value`: what a quantity becomes on its lot grid. */
export const floorToStep = (value: Dec, step: string | Dec): Dec => roundToStep(value, step, 'down')

/** True when `value` is a whole number of steps. */
export const isOnStep = (value: Dec, step: string | Dec): boolean =>
  roundToStep(value, step, 'down').eq(value)
