import { RecordBatchReader, type Data, type Schema, type TypeMap } from 'apache-arrow'
import {
  BoolValues,
  Float64Values,
  Int64ListValues,
  Int64Values,
  TextValues,
} from './column-values.ts'
import { schemaText } from './arrow-schema.ts'

/** The magic and its padding, before the schema. */
const MAGIC_BYTES = 8

/**
 * Reads what `ArrowEncoder` made, from bytes that are known to be whole: the library does not survive
 * damaged ones. Columns are views of the bytes.
 */
export class ArrowDecoder {
  readonly #schemaMessage: Uint8Array
  readonly #schema: Schema

  /** @param head The bytes before the first batch. */
  constructor(head: Uint8Array) {
    this.#schemaMessage = head.subarray(MAGIC_BYTES)
    this.#schema = RecordBatchReader.from([this.#schemaMessage]).open().schema
  }

  /** The columns as `columnsText` writes them. */
  get columns(): string {
    return schemaText(this.#schema)
  }

  get metadata(): ReadonlyMap<string, string> {
    return this.#schema.metadata
  }

  batch(bytes: Uint8Array): ArrowBatch {
    const [batch] = RecordBatchReader.from<TypeMap>([this.#schemaMessage, bytes])
    if (batch === undefined) throw new RangeError('no record batch in these bytes')
    return new ArrowBatch(batch.numRows, this.#schema, batch.data.children)
  }
}

/** The columns of a record batch, by name. Asking for a column that is not there is a defect. */
export class ArrowBatch {
  readonly rows: number
  readonly #columns: ReadonlyMap<string, Data>

  constructor(rows: number, schema: Schema, columns: readonly Data[]) {
    this.rows = rows
    this.#columns = new Map(schema.fields.map(({ name }, i) => [name, columns[i]!]))
  }

  int64 = (name: string): Int64Values => new Int64Values(this.#column(name))
  float64 = (name: string): Float64Values => new Float64Values(this.#column(name))
  bool = (name: string): BoolValues => new BoolValues(this.#column(name))
  text = (name: string): TextValues => new TextValues(this.#column(name))
  int64List = (name: string): Int64ListValues => new Int64ListValues(this.#column(name))

  #column(name: string): Data {
    const column = this.#columns.get(name)
    if (column === undefined) throw new RangeError(`no column ${name}`)
    return column
  }
}
