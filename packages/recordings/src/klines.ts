import { TIMEFRAME_MS, type Instrument, type Timeframe } from '@tapedeck/contracts'
import { decimalToSteps, type BarEvent, type OpenBar } from '@tapedeck/core'
import { fieldInvalid, gridOf, toMillis, type InstrumentGrid } from '@tapedeck/venue'
import { layoutOf, type KlineLayout } from './csv-layout.ts'
import { readLines } from './read-lines.ts'
import { located, recordingInvalid, type Place } from './recording-error.ts'

const timeOf = (column: string, cell: string): number => {
  if (!/^\d{1,17}$/.test(cell)) throw fieldInvalid(column, cell, 'a time in ms or µs')
  return toMillis(column, Number(cell))
}

const priceOf = (column: string, cell: string, { tick }: InstrumentGrid): number => {
  const ticks = decimalToSteps(cell, tick)
  if (ticks === null || ticks <= 0)
    throw fieldInvalid(
      column,
      cell,
      `a positive decimal on the tick of ${tick.mantissa / tick.pow}`,
    )
  return ticks
}

const amountOf = (column: string, cell: string): number => {
  const value = /^\d{1,20}(\.\d{1,18})?$/.test(cell) ? Number(cell) : Number.NaN
  if (!Number.isFinite(value)) throw fieldInvalid(column, cell, 'a decimal, 0 or more')
  return value
}

/**
 * A kline as a bar. Volumes may be finer than today's lot and are rounded to it. What a kline does not
 * know is said, not made up: without taker volume the sides stay empty and the bar is tainted; the
 * running delta is bounded by its start and end; without quote volume vwap is the typical price.
 */
const readBar = (cells: readonly string[], layout: KlineLayout, grid: InstrumentGrid): OpenBar => {
  const cell = (at: number | null): string | null => (at === null ? null : cells[at]!)
  const [open, high, low, close] = [
    priceOf('open', cells[layout.open]!, grid),
    priceOf('high', cells[layout.high]!, grid),
    priceOf('low', cells[layout.low]!, grid),
    priceOf('close', cells[layout.close]!, grid),
  ]
  if (low > Math.min(open, close) || high < Math.max(open, close))
    throw fieldInvalid('high', cells[layout.high], 'low <= open, close <= high')
  const lots = (text: string, column: string): number =>
    Math.round((amountOf(column, text) * grid.lot.pow) / grid.lot.mantissa)
  const volume = lots(cells[layout.volume]!, 'volume')
  const taker = cell(layout.takerVolume)
  const buy = taker === null ? 0 : lots(taker, 'taker_buy_volume')
  if (buy > volume) throw fieldInvalid('taker_buy_volume', taker, 'at most the volume')
  const sell = taker === null ? 0 : volume - buy
  const quote = cell(layout.quoteVolume)
  const base = amountOf('volume', cells[layout.volume]!)
  const vwap =
    quote === null || base === 0
      ? (high + low + close) / 3
      : ((amountOf('quote_volume', quote) / base) * grid.tick.pow) / grid.tick.mantissa
  const count = cell(layout.count)
  return {
    openTime: timeOf('open_time', cells[layout.openTime]!),
    open,
    high,
    low,
    close,
    buy,
    sell,
    unsided: taker === null ? volume : 0,
    minDelta: Math.min(0, buy - sell),
    maxDelta: Math.max(0, buy - sell),
    trades: count === null ? 0 : Math.round(amountOf('count', count)),
    excess: volume === 0 ? 0 : (vwap - open) * volume,
    carried: false,
    tainted: taker === null,
  }
}

const timeframeOf = (lengthMs: number, place: Place): Timeframe => {
  const found = Object.entries(TIMEFRAME_MS).find(([, ms]) => ms === lengthMs)
  if (found === undefined)
    throw recordingInvalid(
      place,
      `bars of ${lengthMs / 1000} s, expected ${Object.keys(TIMEFRAME_MS).join(', ')}`,
      { column: 'open_time' },
    )
  return found[0] as Timeframe
}

/** The length of the bars, from the first row's close time or the distance of the first two rows. */
export const klineTimeframe = async (file: string): Promise<Timeframe> => {
  let found: ReturnType<typeof layoutOf> | null = null
  const times: number[] = []
  for await (const { first, lines } of readLines(file)) {
    for (let i = 0; i < lines.length; i++) {
      const place = { file, line: first + i }
      if (lines[i] === '') continue
      const fresh = found === null
      found ??= layoutOf(lines[i]!, place)
      if (found.layout.kind !== 'klines') throw recordingInvalid(place, 'not klines')
      if (fresh && found.hasHeader) continue
      try {
        const { openTime, closeTime } = found.layout
        const cells = lines[i]!.split(',')
        times.push(timeOf('open_time', cells[openTime] ?? ''))
        if (closeTime !== null)
          return timeframeOf(timeOf('close_time', cells[closeTime] ?? '') + 1 - times[0]!, place)
      } catch (error) {
        throw located(error, place)
      }
      if (times.length === 2) return timeframeOf(times[1]! - times[0]!, place)
    }
  }
  throw recordingInvalid({ file }, 'too few rows to tell the length of its bars, expected two')
}

/** Reads klines: the twelve columns of the archives, or any header that names at least time, OHLC, volume. */
export async function* klines(
  files: readonly string[],
  instrument: Instrument,
  timeframe: Timeframe,
): AsyncGenerator<readonly BarEvent[], void, undefined> {
  const grid = gridOf(instrument)
  const reader = new KlineReader(grid, timeframe)
  for (const file of files) {
    reader.startFile()
    for await (const { first, lines } of readLines(file)) {
      const events: BarEvent[] = []
      let problem: Error | null = null
      for (let i = 0; i < lines.length && problem === null; i++) {
        const place = { file, line: first + i }
        try {
          const event = reader.read(lines[i]!, place)
          if (event !== null) events.push(event)
        } catch (error) {
          problem = located(error, place)
        }
      }
      if (events.length > 0) yield events
      if (problem !== null) throw problem
    }
  }
}

class KlineReader {
  readonly #grid: InstrumentGrid
  readonly #timeframe: Timeframe
  #layout: KlineLayout | null = null
  #previous = -1

  constructor(grid: InstrumentGrid, timeframe: Timeframe) {
    this.#grid = grid
    this.#timeframe = timeframe
  }

  startFile(): void {
    this.#layout = null
  }

  read(line: string, place: Place): BarEvent | null {
    if (line === '') return null
    if (this.#layout === null) {
      const { layout, hasHeader } = layoutOf(line, place)
      if (layout.kind !== 'klines')
        throw recordingInvalid(place, `${layout.kind} among klines, expected one kind of file`)
      this.#layout = layout
      if (hasHeader) return null
    }
    const cells = line.split(',')
    if (cells.length !== this.#layout.columns)
      throw fieldInvalid(
        'row',
        line.slice(0, 80),
        `${this.#layout.columns} columns, found ${cells.length}`,
      )
    const bar = readBar(cells, this.#layout, this.#grid)
    if (bar.openTime % TIMEFRAME_MS[this.#timeframe] !== 0)
      throw fieldInvalid('open_time', bar.openTime, `a start of ${this.#timeframe}, UTC`)
    const { closeTime } = this.#layout
    const ends = bar.openTime + TIMEFRAME_MS[this.#timeframe] - 1
    // A bar that an outage cut short ends early; one that ends late belongs to another timeframe.
    if (closeTime !== null && timeOf('close_time', cells[closeTime]!) > ends)
      throw fieldInvalid(
        'close_time',
        cells[closeTime]!,
        `at most ${ends}, the end of a bar of ${this.#timeframe}`,
      )
    if (bar.openTime <= this.#previous)
      throw fieldInvalid('open_time', bar.openTime, `later than the row before (${this.#previous})`)
    this.#previous = bar.openTime
    return { kind: 'bar', symbol: this.#grid.symbol, timeframe: this.#timeframe, bar }
  }
}
