import type { ColumnType } from '../column-type.ts'

/** What a column of an Arrow file holds. A list is a list of int64 without nulls. */
export type ArrowColumnType = ColumnType | 'int64_list'

export type ArrowColumn = {
  readonly name: string
  readonly type: ArrowColumnType
  /** Whether a row may have no value. Default false; lists always have one, if an empty one. */
  readonly nullable?: boolean
}
