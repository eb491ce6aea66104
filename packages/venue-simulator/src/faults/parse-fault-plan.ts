import { TapedeckError } from '@tapedeck/contracts'
import type { z } from 'zod'
import { FAULT_FACTS, schedulesFor } from './fault-place.ts'
import { FaultPlan, PlannedFault } from './fault-plan.ts'

const HINT = 'docs/reference/venue-faults.md has every fault with its fields.'

const suggestion = (kind: unknown): string => {
  const known = [...FAULT_FACTS.keys()]
  const near = known.filter(
    (name) => typeof kind === 'string' && name.includes(kind.split('_')[0]!),
  )
  return (near.length > 0 && near.length < 12 ? near : known).join(', ')
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  )

const problemOf = (issue: z.core.$ZodIssue, value: unknown): string => {
  const field = issue.path.map(String).join('.') || 'the whole'
  const found = JSON.stringify(valueAt(value, issue.path)) ?? 'nothing'
  const isKind = issue.code === 'invalid_union' && issue.path.at(-1) === 'kind'
  if (isKind && issue.path.at(-2) === 'fault')
    return `${field}: ${found} is no kind of fault; known are ${suggestion(valueAt(value, issue.path))}`
  return `${field}: ${issue.message} (found ${found.slice(0, 200)})`
}

const parse = <T>(schema: z.ZodType<T>, value: unknown, name: string): T => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.slice(0, 5).map((issue) => problemOf(issue, value))
  throw new TapedeckError('VALIDATION_FAILED', `${name}: ${problems.join('; ')}`, { hint: HINT })
}

const checkSchedule = ({ fault, when }: PlannedFault, name: string): void => {
  const allowed = schedulesFor(fault.kind)
  if (allowed === null || allowed.includes(when.kind)) return
  throw new TapedeckError(
    'VALIDATION_FAILED',
    `${name}: when.kind of ${fault.kind} is "${when.kind}"; expected ${allowed.join(', ')}`,
    { hint: HINT },
  )
}

/** A fault with its schedule, from JSON. Throws VALIDATION_FAILED that names the field. */
export const parsePlannedFault = (value: unknown, name: string): PlannedFault => {
  const planned = parse(PlannedFault, value, name)
  checkSchedule(planned, name)
  return planned
}

/** A plan from JSON that was read already. Throws VALIDATION_FAILED that names the field. */
export const checkFaultPlan = (value: unknown, name: string): FaultPlan => {
  const plan = parse(FaultPlan, value, name)
  for (const [index, planned] of plan.faults.entries())
    checkSchedule(planned, `${name}: faults.${index}`)
  return plan
}

/** A plan from the text of a file. Throws VALIDATION_FAILED that names the field. */
export const parseFaultPlan = (text: string, name: string): FaultPlan => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new TapedeckError('VALIDATION_FAILED', `${name}: is not JSON`, { cause, hint: HINT })
  }
  return checkFaultPlan(value, name)
}
