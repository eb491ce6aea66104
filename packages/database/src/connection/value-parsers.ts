import { TapedeckError } from '@tapedeck/contracts'
import pg from 'pg'

/** Object ids of the types that need another reading than the driver's own (`pg_type.oid`). */
const OID = {
  int8: 20,
  textArray: 1009,
  int8Array: 1016,
  date: 1082,
  timestamp: 1114,
  dateArray: 1182,
  timestampArray: 1115,
  numericArray: 1231,
} as const

type Parser = (text: string) => unknown

/**
 * Reads an int8 as a number.
 *
 * @throws TapedeckError `INTERNAL` beyond ±(2^53 − 1): a sequence or a price that lost its last digit
 * would be wrong without anybody seeing it.
 */
const parseSafeInteger = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) {
    throw new TapedeckError(
      'INTERNAL',
      `Postgres returned the int8 ${text}, which a number cannot hold exactly (at most 9007199254740991)`,
      { details: { value: text }, hint: 'Select the column as text: column::text.' },
    )
  }
  return value
}

const asText: Parser = (text) => text

/** The driver's own parsers; its types know its enum of ids only. */
const drivers = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parser

type Entry = string | null | Entry[]

const parseTextArray = drivers(OID.textArray) as (text: string) => Entry[]

const mapEntries = (entries: readonly Entry[], parse: Parser): unknown[] =>
  entries.map((entry) => {
    if (entry === null) return null
    return typeof entry === 'string' ? parse(entry) : mapEntries(entry, parse)
  })

const arrayOf =
  (parse: Parser): Parser =>
  (text) =>
    mapEntries(parseTextArray(text), parse)

const PARSERS: ReadonlyMap<number, Parser> = new Map([
  [OID.int8, parseSafeInteger],
  [OID.int8Array, arrayOf(parseSafeInteger)],
  // The driver's own readings of these depend on the machine's time zone, or go through a float.
  [OID.date, asText],
  [OID.dateArray, arrayOf(asText)],
  [OID.timestamp, asText],
  [OID.timestampArray, arrayOf(asText)],
  [OID.numericArray, arrayOf(asText)],
])

/**
 * How column values become JavaScript values, for one pool (the driver's global table is left alone):
 * int8 → safe integer, NUMERIC → decimal string, json and jsonb → parsed, timestamptz → Date,
 * date and timestamp → text, bytea → Buffer.
 */
export const valueParsers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Parser => {
    const own = format === 'binary' ? undefined : PARSERS.get(oid)
    return own ?? drivers(oid, format)
  },
}
