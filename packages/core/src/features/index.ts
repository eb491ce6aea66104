/**
 * Frozen features of a bar: what a setup looked like before its outcome was known.
 *
 * Entry points: `FeatureBuilder` (closed bars in, snapshots out), `FEATURE_FIELDS` (the one table: names,
 * types, units, formulas), `snapshotText` and `snapshotHash` (the proof). Invariants: nothing looks ahead;
 * unknown is null, never 0 or NaN; a snapshot has exactly the fields of its version and never changes.
 */
export { ENGINE_SEMVER, FEATURE_SCHEMA_HISTORY, FEATURE_SCHEMA_VERSION } from './feature-version.ts'
export type { FeatureField, FeatureNeeds, FeatureType } from './feature-field.ts'
export { FEATURE_FIELDS, featureField, fieldsOfVersion } from './feature-fields.ts'
export { featureBarOf, type FeatureBar } from './feature-bar.ts'
export { freezeSnapshot, type FeatureSnapshot } from './feature-snapshot.ts'
export { FeatureBuilder } from './feature-builder.ts'
export { byCodePoint, pythonFloat, pythonObject, pythonString } from './python-json.ts'
export { snapshotHash, snapshotText } from './snapshot-hash.ts'
