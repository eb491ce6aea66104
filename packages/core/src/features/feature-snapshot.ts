import type { FeatureType } from './feature-field.ts'
import { FEATURE_FIELDS } from './feature-fields.ts'

/** Every field of the table, by name. Unknown is null; a number is finite and never -0. */
export type FeatureSnapshot = Readonly<Record<string, number | boolean | string | null>>

/** What JSON would change or refuse (NaN, infinities, -0) never gets into a snapshot. */
const cleaned = (name: string, type: FeatureType, value: unknown): FeatureSnapshot[string] => {
  if (value === null) return null
  if (type === 'bool' && typeof value === 'boolean') return value
  if (type === 'string' && typeof value === 'string') return value
  if (type === 'float' && typeof value === 'number')
    return Number.isFinite(value) ? value + 0 : null
  if (type === 'int' && Number.isSafeInteger(value)) return (value as number) + 0
  throw new TypeError(`feature ${name} is ${JSON.stringify(value)}, expected ${type} or null`)
}

/** A snapshot of exactly the fields of the table, frozen. Throws TypeError when one is missing or of another type. */
export const freezeSnapshot = (values: Readonly<Record<string, unknown>>): FeatureSnapshot =>
  Object.freeze(
    Object.fromEntries(
      FEATURE_FIELDS.map(({ name, type }) => [name, cleaned(name, type, values[name])]),
    ),
  )
