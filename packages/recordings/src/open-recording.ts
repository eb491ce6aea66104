import { TapedeckError, TIMEFRAME_MS, type Instrument, type Timeframe } from '@tapedeck/contracts'
import type { ComposerOptions, MarketEvent } from '@tapedeck/core'
import { archiveColumns } from './archive-columns.ts'
import { archiveTrades } from './archive-trades.ts'
import { layoutOf, type CsvLayout } from './csv-layout.ts'
import { klines, klineTimeframe } from './klines.ts'
import { RawRecording, sightLine, sniffRaw } from './raw-recording.ts'
import { readLines } from './read-lines.ts'
import { recordingInvalid } from './recording-error.ts'
import type { TradeColumns } from './trade-columns.ts'

export type RecordingFormat = 'raw' | 'aggTrades' | 'trades' | 'klines'

export type RecordingOptions = {
  /** One session, in order. */
  readonly files: readonly string[]
  /** Configured instruments, from which the recording's is chosen. */
  readonly instruments: readonly Instrument[]
  /** Which symbol to play, where the recording has several or does not say. */
  readonly symbol?: string
  /** Which venue's instrument it is, where the recording does not say (klines). */
  readonly venue?: string
}

/** A recording that was recognised. `events` may be iterated once. */
export type Recording = {
  readonly format: RecordingFormat
  readonly instruments: readonly Instrument[]
  /** What the composer needs to know: klines set the shortest bar and the cadence of the clock. */
  readonly composer: Pick<ComposerOptions, 'base' | 'clockMs'>
  readonly events: () => AsyncIterable<readonly MarketEvent[]>
  /** The same prints in columns, ten times as fast: where a recording holds prints of one symbol alone. */
  readonly columns?: () => AsyncIterable<TradeColumns>
}

/** Tells the format of a file by its first line that is not empty. */
export const detectFormat = async (file: string): Promise<RecordingFormat> => {
  for await (const { first, lines } of readLines(file)) {
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!
      if (line.trim() === '') continue
      const place = { file, line: first + i }
      if (line.includes('{') || line.includes('<->')) {
        if (/^\s*[[{]/.test(line))
          throw recordingInvalid(place, 'JSON without a receive time, expected <ns or µs> <JSON>')
        sightLine(line, place)
        return 'raw'
      }
      return layoutOf(line, place).layout.kind
    }
  }
  throw recordingInvalid({ file }, 'is empty')
}

/** The venue of the seeded market; no recording is its own. */
const GENERATED = 'generated'

const configured = (instruments: readonly Instrument[]): string =>
  instruments.map(({ venue, symbol }) => `${venue} ${symbol}`).join(', ')

/** Spot rows end with `is_best_match`, futures rows do not. Klines look the same on both. */
const venueOfLayout = ({ kind, columns }: CsvLayout): string | null => {
  if (kind === 'klines') return null
  return columns > (kind === 'aggTrades' ? 7 : 6) ? 'binance-spot' : 'binance-usdm'
}

/** The instrument of a CSV, which names neither symbol nor venue. */
const chooseInstrument = async (options: RecordingOptions, file: string): Promise<Instrument> => {
  const { instruments, symbol, venue } = options
  const candidates = instruments.filter(
    (one) =>
      (symbol === undefined || one.symbol === symbol) &&
      (venue === undefined ? one.venue !== GENERATED : one.venue === venue),
  )
  if (candidates.length === 0)
    throw new TapedeckError(
      'SYMBOL_UNKNOWN',
      `${[venue, symbol].filter(Boolean).join(' ') || 'no recorded instrument'} is not configured; configured: ${configured(instruments)}`,
    )
  if (candidates.length === 1) return candidates[0]!
  const likely = venueOfLayout(await firstLayout(file))
  const [first, ...others] = candidates.filter((one) => one.venue === likely)
  if (first !== undefined && others.length === 0) return first
  throw recordingInvalid(
    { file },
    `does not say which instrument it holds, expected one of ${configured(candidates)} to be named by symbol and venue`,
  )
}

const firstLayout = async (file: string): Promise<CsvLayout> => {
  for await (const { first, lines } of readLines(file))
    for (let i = 0; i < lines.length; i++)
      if (lines[i]!.trim() !== '') return layoutOf(lines[i]!, { file, line: first + i }).layout
  throw recordingInvalid({ file }, 'is empty')
}

const openRaw = async (options: RecordingOptions): Promise<Recording> => {
  const [file] = options.files as [string]
  const { symbols, venue } = await sniffRaw(file)
  if (options.symbol === undefined && symbols.length > 1)
    throw recordingInvalid(
      { file },
      `holds several symbols (${symbols.join(', ')}), expected one to be named`,
      { symbols },
    )
  const symbol = options.symbol ?? symbols[0]
  if (symbol === undefined) throw recordingInvalid({ file }, 'holds no market data messages')
  if (symbols.length > 0 && !symbols.includes(symbol))
    throw new TapedeckError(
      'SYMBOL_UNKNOWN',
      `symbol ${symbol} is not in the recording; it holds ${symbols.join(', ')}`,
    )
  const instrument = options.instruments.find(
    (one) => one.symbol === symbol && one.venue === (options.venue ?? venue ?? one.venue),
  )
  if (instrument === undefined)
    throw new TapedeckError(
      'SYMBOL_UNKNOWN',
      `the recording holds ${options.venue ?? venue ?? 'binance'} ${symbol}, which is not configured; configured: ${configured(options.instruments)}`,
    )
  const skipOthers = options.symbol !== undefined
  const raw = new RawRecording({ files: options.files, instruments: [instrument], skipOthers })
  return { format: 'raw', instruments: [instrument], composer: {}, events: () => raw.events() }
}

const openKlines = async (options: RecordingOptions): Promise<Recording> => {
  const [file] = options.files as [string]
  const instrument = await chooseInstrument(options, file)
  const base: Timeframe = await klineTimeframe(file)
  return {
    format: 'klines',
    instruments: [instrument],
    composer: { base, clockMs: TIMEFRAME_MS[base] },
    events: () => klines(options.files, instrument, base),
  }
}

/**
 * Recognises a recording by its contents and prepares to read it.
 *
 * Throws RECORDING_INVALID (which file, line, column, value, what was expected) and SYMBOL_UNKNOWN.
 * Reading throws RECORDING_INVALID as well, after everything before the bad place has been yielded.
 */
export const openRecording = async (options: RecordingOptions): Promise<Recording> => {
  const [first, ...others] = options.files
  if (first === undefined)
    throw new TapedeckError('RECORDING_INVALID', 'no files were named, expected at least one')
  const format = await detectFormat(first)
  for (const file of others) {
    const other = await detectFormat(file)
    if (other !== format)
      throw recordingInvalid({ file }, `holds ${other}, expected ${format} like the first file`)
  }
  if (format === 'raw') return openRaw(options)
  if (format === 'klines') return openKlines(options)
  const instrument = await chooseInstrument(options, first)
  return {
    format,
    instruments: [instrument],
    composer: {},
    events: () => archiveTrades(options.files, instrument),
    columns: () => archiveColumns(options.files, instrument),
  }
}
