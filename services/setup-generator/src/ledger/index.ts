/**
 * The ledgers: evaluations, setup events with their labels, signals, with links both ways.
 *
 * Entry points: `MIGRATIONS`, `projectOutputs` (writes them), `frozenOf` and `recordOf` (read them).
 * Invariants: projecting the same messages again changes nothing; what was frozen and what was labeled is
 * never changed: the database itself refuses.
 */
export { MIGRATIONS } from './migrations.ts'
export { projectOutputs } from './project-outputs.ts'
export { LEDGER_COLUMNS, frozenOf, recordOf, type SetupEventRow } from './setup-event-rows.ts'
export type { Tables } from './tables.ts'
export type { LabelRefusal, OnRefused } from './write-labels.ts'
