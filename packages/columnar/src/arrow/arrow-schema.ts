import {
  Bool,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  Schema,
  Timestamp,
  TimeUnit,
  Utf8,
  util,
  type DataType,
} from 'apache-arrow'
import type { ArrowColumn, ArrowColumnType } from './arrow-column.ts'

const ITEM = new Field('item', new Int64(), false)

const TYPES: Readonly<Record<ArrowColumnType, () => DataType>> = {
  int32: () => new Int32(),
  int64: () => new Int64(),
  float64: () => new Float64(),
  bool: () => new Bool(),
  string: () => new Utf8(),
  timestamp_ms: () => new Timestamp(TimeUnit.MILLISECOND, 'UTC'),
  int64_list: () => new List(ITEM),
}

export const arrowType = (type: ArrowColumnType): DataType => TYPES[type]()

/** The schema of a file; `metadata` is text that any reader of the file sees. */
export const arrowSchema = (
  columns: readonly ArrowColumn[],
  metadata: Readonly<Record<string, string>>,
): Schema =>
  new Schema(
    columns.map(({ name, type, nullable }) => new Field(name, arrowType(type), nullable === true)),
    new Map(Object.entries(metadata)),
  )

/** Columns as text, to compare and to show: `order int64, time timestamp_ms?`. */
export const columnsText = (columns: readonly ArrowColumn[]): string =>
  columns
    .map(({ name, type, nullable }) => `${name} ${type}${nullable === true ? '?' : ''}`)
    .join(', ')

/** The columns of a schema that was read; a type that is not one of ours is named as Arrow names it. */
export const schemaText = (schema: Schema): string =>
  schema.fields
    .map(({ name, type, nullable }) => {
      const known = Object.entries(TYPES).find(([, make]) => util.compareTypes(type, make()))
      return `${name} ${known?.[0] ?? String(type)}${nullable ? '?' : ''}`
    })
    .join(', ')
