import { Int64Buffer, type ColumnBuffer } from '@tapedeck/columnar'
import type { MarketEvent } from '@tapedeck/core'

/** Rows of one kind on their way into a batch: `push` appends a value to every column. */
export type RowBuffers<E extends MarketEvent> = {
  readonly columns: readonly ColumnBuffer[]
  readonly push: (order: number, at: number, event: E) => void
}

/** A batch as events again. */
export type RowValues<E extends MarketEvent> = (row: number) => E

/** A column of whole numbers. */
export const int64s = (): Int64Buffer => new Int64Buffer('int64')
/** A column of times, ms. */
export const timestamps = (): Int64Buffer => new Int64Buffer('timestamp_ms')
