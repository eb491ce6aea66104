/**
 * Typed columns as files that other tools open: Arrow for tapes, Parquet for exports. Only home of the
 * libraries that write and read them.
 */
export type { ColumnType } from './column-type.ts'
