import { BASE_FIELDS } from './base-fields.ts'
import { CANDLE_FIELDS } from './candle-fields.ts'
import { DAILY_FIELDS } from './daily-fields.ts'
import type { FeatureField } from './feature-field.ts'
import { RATIO_FIELDS } from './ratio-fields.ts'

/** The one table of the snapshot, in the order of documents and files. */
export const FEATURE_FIELDS: readonly FeatureField[] = [
  ...BASE_FIELDS,
  ...RATIO_FIELDS,
  ...CANDLE_FIELDS,
  ...DAILY_FIELDS,
]

const byName = new Map(FEATURE_FIELDS.map((field) => [field.name, field]))

/** A field by its name; undefined when no version ever had it. */
export const featureField = (name: string): FeatureField | undefined => byName.get(name)

const rankOf = (version: string): number =>
  version.split('.').reduce((rank, part) => rank * 10_000 + Number(part), 0)

/** The fields that snapshots of `version` have. */
export const fieldsOfVersion = (version: string): readonly FeatureField[] =>
  FEATURE_FIELDS.filter(({ since }) => rankOf(since) <= rankOf(version))
