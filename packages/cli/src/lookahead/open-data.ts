import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type TapeReader, openTape, tapeOfEvents } from '@tapedeck/backtest'
import { TapedeckError, type TradingConfig, instrumentsOf } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { openRecording } from '@tapedeck/recordings'
import { assertTapeSymbol } from '../playback/assert-tape-symbol.ts'
import { recordingPaths } from '../playback/recording-files.ts'

/** Held in memory, because each cut plays it from the beginning: about 150 bytes an event. */
const MOST_EVENTS = 8_000_000

/** For files that do not say what they hold. */
type Named = { readonly symbol: string | undefined; readonly venue: string | undefined }

const isTape = (path: string): boolean =>
  statSync(path).isDirectory() && existsSync(join(path, 'manifest.json'))

const readAll = async (
  paths: readonly string[],
  trading: TradingConfig,
  named: Named,
): Promise<TapeReader> => {
  const { symbol, venue } = named
  const recording = await openRecording({
    files: paths,
    instruments: instrumentsOf(trading),
    ...(symbol === undefined ? {} : { symbol }),
    ...(venue === undefined ? {} : { venue }),
  })
  if (recording.format === 'klines')
    throw new TapedeckError('RECORDING_INVALID', 'klines hold bars without prints: no order flow', {
      hint: 'Name a strategy on bars with --strategy: donchian, turtle or a module of your own.',
    })
  const events: MarketEvent[] = []
  for await (const piece of recording.events()) {
    for (const event of piece) events.push(event)
    if (events.length > MOST_EVENTS)
      throw new TapedeckError(
        'RECORDING_INVALID',
        `the recording has more than ${MOST_EVENTS} events, too many to hold in memory`,
        { hint: 'Convert it with tapedeck tape, and name the tape.' },
      )
  }
  return tapeOfEvents(recording.instruments, events)
}

/** One tape folder, or recordings of one session in order. Throws NOT_FOUND, RECORDING_INVALID, SYMBOL_UNKNOWN. */
export const openData = async (
  given: readonly string[],
  trading: TradingConfig,
  named: Named,
): Promise<TapeReader> => {
  const paths = recordingPaths(given).map((path) => resolve(path))
  const [first] = paths
  if (first === undefined || !isTape(first)) return await readAll(paths, trading, named)
  if (paths.length > 1)
    throw new TapedeckError('VALIDATION_FAILED', `${paths.length} paths, expected one tape`, {
      hint: 'Look at one tape at a time, or convert the files of all into one.',
    })
  const tape = await openTape(first)
  assertTapeSymbol([tape], named.symbol)
  return tape
}
