import type { DenialReason, RiskCheck } from '@tapedeck/contracts'

type Numbers = RiskCheck['numbers']
/** One check: its reason and problem when it failed, else what is fine about it. */
export const checked = (
  check: string,
  reason: DenialReason,
  problem: string | null,
  fine: string,
  numbers: Numbers,
): RiskCheck => ({
  check,
  passed: problem === null,
  reason: problem === null ? null : reason,
  detail: (problem ?? fine).slice(0, 400),
  numbers,
})

/** A check that could not be made because an earlier input is missing: neither passed nor failed. */
export const notReached = (check: string, missing: string): RiskCheck => ({
  check,
  passed: null,
  reason: null,
  detail: `not reached: ${missing}`,
  numbers: {},
})
