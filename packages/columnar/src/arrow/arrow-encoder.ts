import {
  Message,
  RecordBatch,
  RecordBatchFileWriter,
  Struct,
  makeData,
  type Data,
  type Schema,
} from 'apache-arrow'
import type { ArrowColumn } from './arrow-column.ts'
import { arrowSchema } from './arrow-schema.ts'

/* oxlint-disable no-underscore-dangle -- what the library lets subclasses change is named like this */
/** The library's writer, with its bytes taken as they come instead of through a stream. */
class PieceWriter extends RecordBatchFileWriter {
  #pieces: Uint8Array[] = []

  take(): Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (!this._started) return this
    const bytes = new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.byteLength)
    if (bytes.length === 0) return this
    this.#pieces.push(bytes)
    this._position += bytes.length
    return this
  }

  /** The format has the schema at the start too, for readers that cannot seek; the library leaves it out. */
  protected override _writeSchema(schema: Schema): this {
    return super._writeSchema(schema)._writeMessage(Message.from(schema))
  }
}

/* oxlint-enable no-underscore-dangle */

/**
 * An Arrow IPC file (Feather version 2, uncompressed) as bytes: `head`, any number of `batch`, `tail`, one
 * after the other. What a batch returns are views of the columns' memory: write them before it is used again.
 */
export class ArrowEncoder {
  readonly #schema: Schema
  readonly #writer = new PieceWriter()

  constructor(columns: readonly ArrowColumn[], metadata: Readonly<Record<string, string>>) {
    this.#schema = arrowSchema(columns, metadata)
  }

  head(): Uint8Array[] {
    this.#writer.reset(undefined, this.#schema)
    return this.#writer.take()
  }

  /** One record batch, of the columns in the order of the schema. */
  batch(rows: number, columns: readonly { data(): Data }[]): Uint8Array[] {
    const children = columns.map((column) => column.data())
    const data = makeData({
      type: new Struct(this.#schema.fields),
      length: rows,
      nullCount: 0,
      children,
    })
    this.#writer.write(new RecordBatch(this.#schema, data))
    return this.#writer.take()
  }

  tail(): Uint8Array[] {
    this.#writer.reset()
    return this.#writer.take()
  }
}
