import { existsSync, readFileSync } from 'node:fs'
import { TapedeckError } from '@tapedeck/contracts'
import {
  FAULT_PRESETS,
  parseFaultPlan,
  presetPlan,
  type FaultPlan,
} from '@tapedeck/venue-simulator'

/**
 * What is to go wrong: a preset by its name, else a file. `seed` overrides the plan's own. Throws
 * NOT_FOUND, and VALIDATION_FAILED that names the field.
 */
export const readFaultPlan = (named: string, seed: number | null): FaultPlan => {
  const presets = FAULT_PRESETS.map(({ name }) => name)
  const isPreset = presets.includes(named)
  if (!isPreset && !existsSync(named))
    throw new TapedeckError('NOT_FOUND', `there is no preset and no file ${named}`, {
      hint: `Presets are ${presets.join(', ')}; everything else is a path.`,
    })
  const plan = isPreset
    ? presetPlan(named, seed ?? 1)
    : parseFaultPlan(readFileSync(named, 'utf8'), named)
  return seed === null ? plan : { ...plan, seed }
}
