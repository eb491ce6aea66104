import { RiskConfig, TapedeckError } from '@tapedeck/contracts'
import { copyJson } from '../message/index.ts'

/** Limits by dotted name, e.g. `session.max_drawdown_percent`: every leaf of the risk configuration. */
export type Limits = Record<string, number | string>

type Branch = { [key: string]: number | string | Branch }

/** The configuration as one flat list of named limits. */
export const flattenLimits = (risk: RiskConfig): Limits => {
  const flat: Limits = {}
  const visit = (branch: Branch, prefix: string): void => {
    for (const [key, value] of Object.entries(branch))
      if (typeof value === 'object') visit(value, `${prefix}${key}.`)
      else flat[prefix + key] = value
  }
  visit(risk, '')
  return flat
}

/**
 * The configuration with some limits replaced, in the ranges that the configuration itself allows.
 * Throws VALIDATION_FAILED and names the limit when one is unknown or out of range; then none applies.
 */
export const applyLimits = (risk: RiskConfig, changes: Limits): RiskConfig => {
  const known = flattenLimits(risk)
  const next = copyJson(risk) as Branch
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(known, name))
      throw new TapedeckError('VALIDATION_FAILED', `limit ${name}: there is no such limit`, {
        details: { field: name, expected: Object.keys(known) },
      })
    const path = name.split('.')
    const leaf = path.pop()!
    const branch = path.reduce((at, key) => at[key] as Branch, next)
    branch[leaf] = value
  }
  const parsed = RiskConfig.safeParse(next)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') ?? ''
  throw new TapedeckError(
    'VALIDATION_FAILED',
    `limit ${field} = ${String(changes[field])}: ${issue?.message ?? 'invalid'}`,
    { details: { field, value: changes[field] ?? null } },
  )
}
