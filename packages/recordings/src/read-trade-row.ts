import { decimalToSteps, type TradeEvent } from '@tapedeck/core'
import { fieldInvalid, toMillis, type InstrumentGrid } from '@tapedeck/venue'
import { COLUMNS_MAX, type TradeLayout } from './csv-layout.ts'

const FLAGS: Readonly<Record<string, 0 | 1>> = {
  true: 1,
  True: 1,
  TRUE: 1,
  false: 0,
  False: 0,
  FALSE: 0,
}

const DIGITS_MAX = 16

/** Where the cells of the row at hand end. Reused: a row is read before the next one is looked at. */
const ends = new Int32Array(COLUMNS_MAX)

/** Finds the ends of the cells; returns how many there are. */
const findCells = (line: string): number => {
  let columns = 0
  for (let at = line.indexOf(','); at >= 0; at = line.indexOf(',', at + 1)) {
    if (columns < COLUMNS_MAX - 1) ends[columns] = at
    columns++
  }
  if (columns < COLUMNS_MAX) ends[columns] = line.length
  return columns + 1
}

const cellAt = (line: string, column: number): string =>
  line.slice(column === 0 ? 0 : ends[column - 1]! + 1, ends[column])

/** A whole number read off the line without cutting it out. */
const integerAt = (name: string, line: string, column: number): number => {
  const from = column === 0 ? 0 : ends[column - 1]! + 1
  const to = ends[column]!
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = line.charCodeAt(i) - 48
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN
  }
  if (to === from || to - from > DIGITS_MAX || !Number.isSafeInteger(value))
    throw fieldInvalid(name, cellAt(line, column), 'a whole number, 0 or more')
  return value
}

const decimalOf = (
  column: string,
  cell: string,
  step: InstrumentGrid['tick'],
  unit: string,
): number => {
  const steps = decimalToSteps(cell, step)
  if (steps === null || steps < 0)
    throw fieldInvalid(
      column,
      cell,
      `a decimal, 0 or more, on the ${unit} of ${step.mantissa / step.pow}`,
    )
  return steps
}

/**
 * One row as a print, from its text: the authority on what a row may look like, and on what is wrong with it.
 * A price or quantity of 0 (there are some in the archives) is left to
 * continuity.
 */
export const readRow = (line: string, layout: TradeLayout, grid: InstrumentGrid): TradeEvent => {
  const columns = findCells(line)
  if (columns !== layout.columns)
    throw fieldInvalid('row', line.slice(0, 80), `${layout.columns} columns, found ${columns}`)
  const flag = cellAt(line, layout.maker).trim()
  const maker = FLAGS[flag]
  if (maker === undefined) throw fieldInvalid('is_buyer_maker', flag, 'true or false')
  return {
    kind: 'trade',
    symbol: grid.symbol,
    id: integerAt(layout.kind === 'aggTrades' ? 'agg_trade_id' : 'id', line, layout.id),
    priceTicks: decimalOf('price', cellAt(line, layout.price), grid.tick, 'tick'),
    quantityLots: decimalOf('quantity', cellAt(line, layout.quantity), grid.lot, 'lot'),
    time: toMillis('time', integerAt('time', line, layout.time)),
    maker,
    excluded: false,
  }
}
