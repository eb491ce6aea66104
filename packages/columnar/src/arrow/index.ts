/**
 * Arrow IPC files (Feather version 2, uncompressed), made and read a record batch at a time.
 *
 * Entry points: `ArrowEncoder` over column buffers, `ArrowDecoder`. Invariants: bytes in, bytes out, no
 * files; whole numbers are exact up to 2^53 - 1 and never become a BigInt each.
 */
export type { ArrowColumn, ArrowColumnType } from './arrow-column.ts'
export { columnsText } from './arrow-schema.ts'
export { ArrowDecoder, ArrowBatch } from './arrow-decoder.ts'
export { ArrowEncoder } from './arrow-encoder.ts'
export { BoolBuffer, Float64Buffer, Int64ListBuffer, TextBuffer } from './column-buffers.ts'
export type { ColumnBuffer } from './column-memory.ts'
export { Int64Buffer } from './int64-buffer.ts'
