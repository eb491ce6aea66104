import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ColumnType } from '../column-type.ts'
import {
  valueProblem,
  type ParquetColumn,
  type ParquetRow,
  type ParquetValue,
} from './parquet-column.ts'

export type ParquetEncoderOptions = {
  readonly columns: readonly ParquetColumn[]
  /** Key-value metadata of the file. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Rows held in memory before they become bytes. Default 5000. */
  readonly rowGroupRows?: number
}

const ROW_GROUP_ROWS = 5000
const CREATED_BY = 'tapedeck'

const PHYSICAL = {
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  float64: { type: 'DOUBLE' },
  bool: { type: 'BOOLEAN' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  timestamp_ms: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
} as const satisfies Record<ColumnType, object>

const encodable = (type: ColumnType, value: ParquetValue): unknown =>
  value !== null && (type === 'int64' || type === 'timestamp_ms') ? BigInt(value) : value

/** What each column means, for readers: as JSON, since Parquet's own columns have no room for words. */
const aboutColumns = (columns: readonly ParquetColumn[]): string =>
  JSON.stringify(
    Object.fromEntries(columns.map(({ name, type, about }) => [name, { type, ...about }])),
  )

/**
 * A Parquet file, a row group at a time: rows in, bytes out, no files. Memory is bounded by one row group.
 * Nulls are nulls, never NaN. After `finish` the bytes given so far are the whole file.
 */
export class ParquetEncoder {
  readonly #columns: readonly ParquetColumn[]
  readonly #rowGroupRows: number
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  #values: ParquetValue[][]
  #rows = 0

  constructor({ columns, metadata = {}, rowGroupRows = ROW_GROUP_ROWS }: ParquetEncoderOptions) {
    if (new Set(columns.map(({ name }) => name)).size !== columns.length)
      throw new TypeError('a column is named twice')
    this.#columns = columns
    this.#rowGroupRows = rowGroupRows
    this.#values = columns.map(() => [])
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      createdBy: CREATED_BY,
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ name, type, required = false }) => ({
          name,
          ...PHYSICAL[type],
          repetition_type: required ? ('REQUIRED' as const) : ('OPTIONAL' as const),
        })),
      ],
      kvMetadata: Object.entries({ ...metadata, 'tapedeck.columns': aboutColumns(columns) }).map(
        ([key, value]) => ({ key, value }),
      ),
    })
  }

  /** Rows added so far. */
  get rows(): number {
    return this.#rows
  }

  /**
   * Adds a row; gives the bytes that are ready, or null while they are collected. Throws TypeError when a
   * value is missing or not of its column's type; the row is then not in.
   */
  push(row: ParquetRow): Uint8Array | null {
    for (const column of this.#columns) {
      const problem = valueProblem(column, row[column.name])
      if (problem !== null) throw new TypeError(`row ${this.#rows + 1}: ${problem}`)
    }
    for (const [i, { name }] of this.#columns.entries()) this.#values[i]!.push(row[name]!)
    this.#rows++
    return this.#rows % this.#rowGroupRows === 0 ? this.#writeGroup() : null
  }

  /** The last bytes: what was collected, and the footer. */
  finish(): Uint8Array {
    if (this.#values[0]?.length) this.#encodeGroup()
    void this.#writer.finish()
    return this.#take()
  }

  #writeGroup(): Uint8Array {
    this.#encodeGroup()
    return this.#take()
  }

  #encodeGroup(): void {
    void this.#writer.write({
      columnData: this.#columns.map(({ name, type }, i) => ({
        name,
        data: this.#values[i]!.map((value) => encodable(type, value)),
        // A dictionary would not tell 0 from -0.
        ...(type === 'float64' ? { encoding: 'PLAIN' as const } : {}),
      })),
      rowGroupSize: this.#rowGroupRows,
    })
    this.#values = this.#columns.map(() => [])
  }

  /** The bytes since the last call. `offset` counts on, so that places in the file stay right. */
  #take(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice()
    this.#bytes.index = 0
    return bytes
  }
}
