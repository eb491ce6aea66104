import type { ColumnType } from '../column-type.ts'

/** A column of a Parquet file. */
export type ParquetColumn = {
  readonly name: string
  readonly type: ColumnType
  /** Never null; a null in it is an error. Default: nulls are allowed. */
  readonly required?: boolean
  /** What else readers should know of it: meaning, unit. Goes into the file's metadata. */
  readonly about?: Readonly<Record<string, string>>
}

/** Times are ms since 1970, 64-bit whole numbers are safe integers. Unknown is null. */
export type ParquetValue = number | boolean | string | null

/** A value for each column. */
export type ParquetRow = Readonly<Record<string, ParquetValue>>

const isOfType: Readonly<Record<ColumnType, (value: ParquetValue) => boolean>> = {
  int32: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  int64: (value) => Number.isSafeInteger(value),
  timestamp_ms: (value) => Number.isSafeInteger(value),
  float64: (value) => Number.isFinite(value),
  bool: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string' && value.isWellFormed(),
}

/** Why a value cannot be in a column, or null. NaN is nowhere a value: unknown is null. */
export const valueProblem = (
  { name, type, required = false }: ParquetColumn,
  value: ParquetValue | undefined,
): string | null => {
  if (value === undefined) return `column ${name} has no value, expected ${type} or null`
  if (value === null) return required ? `column ${name} is null, expected ${type}` : null
  if (isOfType[type](value)) return null
  return `column ${name} is ${typeof value === 'string' ? 'text' : String(value)}, expected ${type}`
}
