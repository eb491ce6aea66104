import { DENIAL_REASONS, type DenialReason, type RiskCheck } from '@tapedeck/contracts'
import type { Judgment } from './judgment.ts'
import { limitChecks } from './limit-checks.ts'
import { readinessChecks } from './readiness-checks.ts'
import { sizeChecks } from './size-checks.ts'

/** Every check, in order of precedence: the first that fails denies, all are reported. */
export const runChecks = (judgment: Judgment): RiskCheck[] => [
  ...readinessChecks(judgment),
  ...limitChecks(judgment),
  ...sizeChecks(judgment),
]

/** The reasons of the checks that failed, in the order of the closed list. */
export const failures = (checks: readonly RiskCheck[]): DenialReason[] => {
  const failed = new Set(checks.flatMap(({ reason }) => reason ?? []))
  return DENIAL_REASONS.filter((reason) => failed.has(reason))
}
