/**
 * Typed columns as files that other tools open: Arrow for tapes, Parquet for exports. Only home of the
 * libraries that write and read them.
 */
export type { ColumnType } from './column-type.ts'
export {
  ArrowBatch,
  ArrowDecoder,
  ArrowEncoder,
  BoolBuffer,
  Float64Buffer,
  Int64Buffer,
  Int64ListBuffer,
  TextBuffer,
  columnsText,
  type ArrowColumn,
  type ArrowColumnType,
  type ColumnBuffer,
} from './arrow/index.ts'
export {
  ParquetEncoder,
  type ParquetColumn,
  type ParquetEncoderOptions,
  type ParquetRow,
  type ParquetValue,
} from './parquet/index.ts'
