/**
 * Parquet files with typed columns, made a row group at a time.
 *
 * Entry point: `ParquetEncoder`. Invariants: bytes out, no files; nulls are nulls and NaN is refused; memory
 * is bounded by one row group; what each column means is in the file's metadata (`tapedeck.columns`).
 */
export type { ParquetColumn, ParquetRow, ParquetValue } from './parquet-column.ts'
export { ParquetEncoder, type ParquetEncoderOptions } from './parquet-encoder.ts'
