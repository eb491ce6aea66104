import { basename } from 'node:path'
import { TapedeckError, isType, type Instrument } from '@tapedeck/contracts'
import type { ComposerOptions, MarketEvent } from '@tapedeck/core'
import { openRecording, type RecordingOptions, type TradeColumns } from '@tapedeck/recordings'
import { MARKET_TYPES, MarketEvents, readArchiveRun, type ArchiveRun } from '../archive/index.ts'

/** Market data that is not a tape yet. `events`, or `columns` where there are any, may be read once. */
export type TapeSource = {
  /** What kind of files they are: raw, aggTrades, trades, klines, archive. */
  readonly format: string
  readonly files: readonly string[]
  readonly instruments: readonly Instrument[]
  readonly composer: Pick<ComposerOptions, 'base' | 'clockMs'>
  readonly events: () => AsyncIterable<readonly MarketEvent[]>
  readonly columns?: () => AsyncIterable<TradeColumns>
}

/** A recording of any format, recognized by its contents. Throws RECORDING_INVALID, SYMBOL_UNKNOWN. */
export const recordingSource = async (options: RecordingOptions): Promise<TapeSource> => {
  const { format, instruments, composer, events, columns } = await openRecording(options)
  return {
    format,
    files: options.files,
    instruments,
    composer,
    events,
    ...(columns === undefined ? {} : { columns }),
  }
}

/** A run as the journal archived it. Throws ARCHIVE_DAMAGED; NOT_FOUND where it holds no market data. */
export const archiveSource = async (run: ArchiveRun): Promise<TapeSource> => ({
  format: 'archive',
  files: run.segments,
  instruments: await archivedInstruments(run),
  composer: {},
  events: () => archivedEvents(run),
})

const archivedInstruments = async (run: ArchiveRun): Promise<readonly Instrument[]> => {
  for await (const { message } of readArchiveRun(run, { types: ['market.run.started'] }))
    if (isType(message, 'market.run.started')) return message.payload.instruments
  throw new TapedeckError('NOT_FOUND', `run ${basename(run.folder)} does not say what it traded`)
}

/** Messages that become events together. */
const MESSAGES = 256

async function* archivedEvents(
  run: ArchiveRun,
): AsyncGenerator<readonly MarketEvent[], void, undefined> {
  const source = new MarketEvents()
  let events: MarketEvent[] = []
  let messages = 0
  let problem: Error | null = null
  try {
    for await (const { message } of readArchiveRun(run, { types: MARKET_TYPES })) {
      for (const event of source.of(message)) events.push(event)
      if (++messages % MESSAGES > 0) continue
      yield events
      events = []
    }
  } catch (error) {
    problem = error as Error
  }
  // What comes before damage counts.
  if (events.length > 0) yield events
  if (problem !== null) throw problem
}
