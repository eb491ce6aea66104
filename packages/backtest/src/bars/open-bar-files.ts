import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import {
  TIMEFRAME_MS,
  TapedeckError,
  hasCode,
  type Instrument,
  type Timeframe,
} from '@tapedeck/contracts'
import { openRecording, recordingFingerprint, type Recording } from '@tapedeck/recordings'
import { BarColumns, type BarSeries, type BarSet } from './bar-series.ts'

export type BarFilesOptions = {
  /** Klines as CSV, plain or packed; `SYMBOL=path` says which symbol a file holds. */
  readonly files: readonly string[]
  readonly instruments: readonly Instrument[]
  /** For files whose name does not begin with a configured symbol. */
  readonly symbol?: string
  readonly venue?: string
}

type Named = { readonly file: string; readonly symbol: string | undefined }

/** `BTCUSDT=klines.csv` names it; else a name such as `BTCUSDT-1h-2024-01.zip` does, where it is configured. */
const nameFile = (given: string, { instruments, symbol }: BarFilesOptions): Named => {
  const explicit = /^([A-Z0-9_-]{1,32})=(.+)$/.exec(given)
  if (explicit !== null) return { file: explicit[2]!, symbol: explicit[1]! }
  if (symbol !== undefined) return { file: given, symbol }
  const start = /^([A-Z0-9]{5,20})[-_.]/.exec(basename(given))?.[1]
  if (start !== undefined && !instruments.some((one) => one.symbol === start))
    throw new TapedeckError(
      'SYMBOL_UNKNOWN',
      `${basename(given)}: ${start} is not configured; configured: ${[...new Set(instruments.map((one) => one.symbol))].join(', ')}`,
      {
        hint: `Add the instrument to the configuration, or say whose bars these are: BTCUSDT=${given}`,
      },
    )
  return { file: given, symbol: start }
}

type Opened = Named & { readonly recording: Recording; readonly timeframe: Timeframe }

const openOne = async (named: Named, options: BarFilesOptions): Promise<Opened> => {
  if (!existsSync(named.file))
    throw new TapedeckError('NOT_FOUND', `there is no file ${named.file}`, {
      hint: `Looked for ${resolve(named.file)}. Paths are relative to the working directory.`,
    })
  const recording = await openRecording({
    files: [named.file],
    instruments: options.instruments,
    ...(named.symbol === undefined ? {} : { symbol: named.symbol }),
    ...(options.venue === undefined ? {} : { venue: options.venue }),
  })
  const timeframe = recording.composer.base
  if (recording.format !== 'klines' || timeframe === undefined)
    throw new TapedeckError(
      'RECORDING_INVALID',
      `${basename(named.file)}: holds ${recording.format}, expected klines; order flow is played by --strategy order_flow`,
      { details: { file: named.file } },
    )
  return { ...named, recording, timeframe }
}

type Group = { readonly instrument: Instrument; readonly timeframe: Timeframe; files: string[] }

const groupFiles = (opened: readonly Opened[]): Group[] => {
  const groups = new Map<string, Group>()
  for (const { file, recording, timeframe } of opened) {
    const instrument = recording.instruments[0]!
    const key = `${instrument.venue} ${instrument.symbol} ${timeframe}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { instrument, timeframe, files: [file] })
    else group.files.push(file)
  }
  return [...groups.values()]
}

const assertTradable = (groups: readonly Group[]): void => {
  const shortest = new Map<string, Group>()
  for (const group of groups) {
    const { symbol, venue } = group.instrument
    const other = groups.find(
      ({ instrument }) => instrument.symbol === symbol && instrument.venue !== venue,
    )
    if (other !== undefined)
      throw new TapedeckError(
        'RECORDING_INVALID',
        `${symbol} comes from ${venue} and ${other.instrument.venue}, expected one venue`,
      )
    const known = shortest.get(symbol)
    if (known === undefined || TIMEFRAME_MS[group.timeframe] < TIMEFRAME_MS[known.timeframe])
      shortest.set(symbol, group)
  }
  const [first, ...others] = shortest.values()
  const odd = others.find(({ timeframe }) => timeframe !== first!.timeframe)
  if (odd !== undefined)
    throw new TapedeckError(
      'RECORDING_INVALID',
      `${basename(odd.files[0]!)}: bars of ${odd.timeframe} for ${odd.instrument.symbol}, expected ${first!.timeframe} like ${first!.instrument.symbol}: all symbols are traded on one timeframe`,
      { details: { file: odd.files[0]!, timeframe: odd.timeframe } },
    )
}

const readGroup = async (
  group: Group,
): Promise<{ readonly series: BarSeries; readonly damage: BarSet['damage'] }> => {
  const { instrument, timeframe, files } = group
  const columns = new BarColumns(instrument, timeframe)
  try {
    const { events } = await openRecording({
      files,
      instruments: [instrument],
      symbol: instrument.symbol,
      venue: instrument.venue,
    })
    for await (const batch of events())
      for (const event of batch)
        if (event.kind === 'bar')
          columns.push(event.bar, event.bar.buy + event.bar.sell + event.bar.unsided)
  } catch (error) {
    if (!hasCode(error, 'RECORDING_INVALID') || columns.lastClose === null) throw error
    return { series: columns.finish(), damage: { at: columns.lastClose, error } }
  }
  return { series: columns.finish(), damage: null }
}

/**
 * Reads files of klines into columns: several files of one symbol and timeframe follow each other in the
 * order given, several symbols lie on one clock, longer timeframes of a symbol accompany its shortest one.
 *
 * Throws RECORDING_INVALID (file, line, column, value, what was expected) and SYMBOL_UNKNOWN. A file that
 * goes bad after good rows does not throw: the good rows are there, and `damage` says where and why.
 */
export const openBarFiles = async (options: BarFilesOptions): Promise<BarSet> => {
  if (options.files.length === 0)
    throw new TapedeckError('RECORDING_INVALID', 'no files were named, expected at least one')
  const opened: Opened[] = []
  for (const given of options.files) opened.push(await openOne(nameFile(given, options), options))
  const groups = groupFiles(opened)
  assertTradable(groups)
  const series: BarSeries[] = []
  let damage: BarSet['damage'] = null
  for (const group of groups) {
    const read = await readGroup(group)
    series.push(read.series)
    if (read.damage !== null && (damage === null || read.damage.at < damage.at))
      damage = read.damage
  }
  const fingerprint = await recordingFingerprint(opened.map(({ file }) => file))
  return { series, fingerprint, damage }
}
