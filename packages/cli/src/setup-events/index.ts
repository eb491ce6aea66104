/**
 * Setup events for research: exported from the ledger, or found offline over files.
 *
 * Entry points: `runExport`, `runScan`. Invariants: the offline events are made by the functions that the
 * services call; a Parquet file gets its name when it is whole; one feature schema version a file.
 */
export { runExport, type ExportCommand } from './run-export.ts'
export { runScan, type ScanCommand } from './run-scan.ts'
