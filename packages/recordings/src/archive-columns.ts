import type { Instrument } from '@tapedeck/contracts'
import { gridOf, type InstrumentGrid } from '@tapedeck/venue'
import { layoutOf, type TradeLayout } from './csv-layout.ts'
import { readLineBlocks } from './read-line-blocks.ts'
import { located, recordingInvalid, type Place } from './recording-error.ts'
import type { TradeColumns } from './trade-columns.ts'
import { TradeRowParser, lineEnd, lineText } from './trade-row-parser.ts'
import { TradeRows } from './trade-rows.ts'

/**
 * Reads aggTrades and trades of Binance's archives, with or without header, ms or µs, any packing, as
 * columns. Throws RECORDING_INVALID after everything before the bad place was yielded.
 */
export async function* archiveColumns(
  files: readonly string[],
  instrument: Instrument,
): AsyncGenerator<TradeColumns, void, undefined> {
  const grid = gridOf(instrument)
  const rows = new TradeRows()
  for (const file of files) {
    let problem: Error | null = null
    try {
      const disorder = yield* fileColumns(file, grid, rows)
      // What is held back stands behind the disorder.
      if (disorder !== null) rows.drop(rows.count)
      problem = disorder
    } catch (error) {
      problem = located(error, { file })
    }
    const { rows: rest, problem: disorder } = rows.take(file, true)
    if (rest.count > 0) yield rest
    rows.drop(rows.count)
    problem ??= disorder
    if (problem !== null) throw problem
  }
}

/**
 * The rows of one file, but for the last ones, which stay in `rows`. Returns what is wrong with their
 * order.
 */
async function* fileColumns(
  file: string,
  grid: InstrumentGrid,
  rows: TradeRows,
): AsyncGenerator<TradeColumns, Error | null, undefined> {
  let parser: TradeRowParser | null = null
  let line = 1
  for await (const bytes of readLineBlocks(file, () => line)) {
    let at = 0
    while (at < bytes.length) {
      if (parser === null) {
        const end = lineEnd(bytes, at)
        parser = firstLine(lineText(bytes, at, end), grid, rows, { file, line })
        at = end + 1
        line++
        continue
      }
      const parse = parser
      try {
        for (; at < bytes.length && !rows.isFull; line++) at = parse.read(bytes, at, rows, line)
      } catch (error) {
        throw located(error, { file, line })
      }
      if (!rows.isFull) continue
      const { rows: ready, problem } = rows.take(file, false)
      if (ready.count > 0) yield ready
      if (problem !== null) return problem
      rows.drop(ready.count)
    }
  }
  return null
}

/** Reads the layout off the first line that is not empty, which may be a row as well. */
const firstLine = (
  text: string,
  grid: InstrumentGrid,
  rows: TradeRows,
  place: Place,
): TradeRowParser | null => {
  if (text === '') return null
  try {
    const { layout, hasHeader } = layoutOf(text, place)
    const parser = new TradeRowParser(tradesOnly(layout, place), grid)
    if (!hasHeader) parser.readText(text.replace(/^\uFEFF/, ''), rows, place.line ?? 0)
    return parser
  } catch (error) {
    throw located(error, place)
  }
}

const tradesOnly = (layout: ReturnType<typeof layoutOf>['layout'], place: Place): TradeLayout => {
  if (layout.kind === 'klines')
    throw recordingInvalid(place, 'klines among files of trades, expected one kind of file')
  return layout
}
