import type { Instrument } from '@tapedeck/contracts'
import { decimalToSteps, type TradeEvent } from '@tapedeck/core'
import { fieldInvalid, gridOf, toMillis, type InstrumentGrid } from '@tapedeck/venue'
import { COLUMNS_MAX, layoutOf, type TradeLayout } from './csv-layout.ts'
import { readLines } from './read-lines.ts'
import { located, recordingInvalid, type Place } from './recording-error.ts'

/** Rows held back so that a row which comes late finds its place. */
const REORDER_ROWS = 10_000
const TIME_FALL_MAX_MS = 60_000

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

/** One row as a print. A price or quantity of 0 (there are some in the archives) is left to continuity. */
const readRow = (line: string, layout: TradeLayout, grid: InstrumentGrid): TradeEvent => {
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

/**
 * Brings rows into the order of their ids, within a bounded window. Most files are in order, and then
 * nothing is sorted; some months of the archives are interleaved. A row from further back is an error.
 */
class Reorder {
  /** Held back, with the line of each beside it. */
  #held: TradeEvent[] = []
  #lines: number[] = []
  #inOrder = true
  #lastId = -1
  #latest = 0

  push(event: TradeEvent, line: number): void {
    const last = this.#held.at(-1)
    if (last !== undefined && event.id < last.id) this.#inOrder = false
    this.#held.push(event)
    this.#lines.push(line)
  }

  /** Rows that nothing in the window can precede any more; all of them when `end`. */
  take(file: string, end: boolean): { events: TradeEvent[]; problem: Error | null } {
    const count = end ? this.#held.length : this.#held.length - REORDER_ROWS
    if (count <= 0 || (!end && count < REORDER_ROWS)) return { events: [], problem: null }
    if (!this.#inOrder) this.#sort()
    const events = this.#held.slice(0, count)
    const lines = this.#lines.slice(0, count)
    this.#held = this.#held.slice(count)
    this.#lines = this.#lines.slice(count)
    for (let i = 0; i < count; i++) {
      const problem = this.#orderProblem(events[i]!, file, lines[i]!)
      if (problem !== null) return { events: events.slice(0, i), problem }
    }
    return { events, problem: null }
  }

  #sort(): void {
    const rows = this.#held.map((event, i) => ({ event, line: this.#lines[i]! }))
    rows.sort((a, b) => a.event.id - b.event.id || a.line - b.line)
    this.#held = rows.map(({ event }) => event)
    this.#lines = rows.map(({ line }) => line)
    this.#inOrder = true
  }

  #orderProblem({ id, time }: TradeEvent, file: string, line: number): Error | null {
    if (id < this.#lastId)
      return recordingInvalid(
        { file, line },
        `id ${id} comes more than ${REORDER_ROWS} rows after ${this.#lastId}, expected rows in order; sort the file by id`,
        { column: 'id', value: id },
      )
    if (time < this.#latest - TIME_FALL_MAX_MS)
      return recordingInvalid(
        { file, line },
        `time ${time} is ${this.#latest - time} ms before that of an earlier id, expected time to rise with the ids`,
        { column: 'time', value: time },
      )
    this.#lastId = id
    if (time > this.#latest) this.#latest = time
    return null
  }
}

/** Reads aggTrades and trades of Binance's archives: with or without header, ms or µs, any packing. */
export async function* archiveTrades(
  files: readonly string[],
  instrument: Instrument,
): AsyncGenerator<readonly TradeEvent[], void, undefined> {
  const grid = gridOf(instrument)
  const reorder = new Reorder()
  for (const file of files) {
    const rows = new RowReader(grid, reorder)
    let problem: Error | null = null
    try {
      for await (const { first, lines } of readLines(file)) {
        for (let i = 0; i < lines.length; i++) rows.read(lines[i]!, { file, line: first + i })
        const { events, problem: disorder } = reorder.take(file, false)
        if (events.length > 0) yield events
        if (disorder !== null) throw disorder
      }
    } catch (error) {
      problem = located(error, { file })
    }
    const { events, problem: disorder } = reorder.take(file, true)
    if (events.length > 0) yield events
    problem ??= disorder
    if (problem !== null) throw problem
  }
}

/** Rows of one file into the reorder window. */
class RowReader {
  readonly #grid: InstrumentGrid
  readonly #reorder: Reorder
  #layout: TradeLayout | null = null

  constructor(grid: InstrumentGrid, reorder: Reorder) {
    this.#grid = grid
    this.#reorder = reorder
  }

  read(line: string, place: Place): void {
    if (line === '') return
    try {
      if (this.#layout === null) {
        const { layout, hasHeader } = layoutOf(line, place)
        this.#layout = tradesOnly(layout, place)
        if (hasHeader) return
      }
      this.#reorder.push(readRow(line, this.#layout, this.#grid), place.line ?? 0)
    } catch (error) {
      throw located(error, place)
    }
  }
}

const tradesOnly = (layout: ReturnType<typeof layoutOf>['layout'], place: Place): TradeLayout => {
  if (layout.kind === 'klines')
    throw recordingInvalid(place, 'klines among files of trades, expected one kind of file')
  return layout
}
