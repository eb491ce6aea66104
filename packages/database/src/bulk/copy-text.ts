/** What one column of a COPY row may be. Null is SQL NULL; there is no undefined. */
export type CopyValue = string | number | boolean | null

/** Bytes collected before they go to the socket: large enough to amortise the write, small enough to flow. */
const CHUNK_LENGTH = 65_536

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

// eslint-disable-next-line no-control-regex -- these are the characters that COPY gives a meaning to
const SPECIAL = /[\\\b\f\n\r\t\v]/
const SPECIAL_ALL = /[\\\b\f\n\r\t\v]/g

/** What nearly all text is: printable ASCII without a backslash, which goes as it stands. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/

const fieldError = (row: number, column: string, problem: string): RangeError =>
  new RangeError(`row ${row}, column ${column}: ${problem}`)

const textOf = (value: string, row: number, column: string): string => {
  if (PLAIN.test(value)) return value
  if (value.includes('\0')) {
    throw fieldError(row, column, 'the text holds U+0000, which Postgres cannot store')
  }
  if (!value.isWellFormed()) {
    throw fieldError(row, column, 'the text holds half a surrogate pair, which UTF-8 cannot carry')
  }
  return SPECIAL.test(value)
    ? value.replaceAll(SPECIAL_ALL, (character) => ESCAPES[character] ?? character)
    : value
}

const fieldOf = (value: CopyValue | undefined, row: number, column: string): string => {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return textOf(value, row, column)
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (value === null) return '\\N'
  throw fieldError(row, column, `the value is ${typeof value}; expected text, number or boolean`)
}

/**
 * One value in COPY's text format, for callers that put lines together themselves because most of a
 * row is the same for thousands of them. Throws RangeError for text that Postgres cannot store.
 */
export const copyField = (value: CopyValue): string => fieldOf(value, 0, 'field')

/** Lines in COPY's text format, each with its line end, in chunks of 64 KB or a little more. */
export function* copyLineChunks(lines: Iterable<string>): Generator<Buffer, void, undefined> {
  let text = ''
  for (const line of lines) {
    text += line
    if (text.length >= CHUNK_LENGTH) {
      yield Buffer.from(text, 'utf8')
      text = ''
    }
  }
  if (text.length > 0) yield Buffer.from(text, 'utf8')
}

/**
 * Rows in COPY's text format (PostgreSQL, COPY, "Text Format"), in chunks of about 64 KB. Numbers keep
 * their shortest exact decimal form; NaN and Infinity are written as Postgres spells them.
 *
 * @throws RangeError naming row (from 0) and column, for text that Postgres cannot store or a row of
 * another length than `columns`
 */
export function* copyText(
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Generator<Buffer, void, undefined> {
  let text = ''
  let index = 0
  for (const row of rows) {
    if (row.length !== columns.length) {
      throw new RangeError(`row ${index} has ${row.length} values; expected ${columns.length}`)
    }
    for (let column = 0; column < columns.length; column += 1) {
      if (column > 0) text += '\t'
      text += fieldOf(row[column], index, columns[column] ?? '')
    }
    text += '\n'
    index += 1
    if (text.length >= CHUNK_LENGTH) {
      yield Buffer.from(text, 'utf8')
      text = ''
    }
  }
  if (text.length > 0) yield Buffer.from(text, 'utf8')
}
