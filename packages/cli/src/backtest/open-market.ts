import { existsSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type MarketSource, marketOfEvents, marketOfTapes, openTape } from '@tapedeck/backtest'
import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'
import { recordingFingerprint, recordingKey, recordingRunId } from '@tapedeck/recordings'
import { assertTapeSymbol } from '../playback/assert-tape-symbol.ts'
import { openRecordingFiles, recordingPaths } from '../playback/recording-files.ts'

/** What is to be played; `runId` where it is the one that a replay of the same files would have. */
export type OpenedMarket = { readonly market: MarketSource; readonly runId: string | null }

const isTape = (path: string): boolean =>
  statSync(path).isDirectory() && existsSync(join(path, 'manifest.json'))

const assertTapes = (paths: readonly string[], tapes: readonly string[]): void => {
  if (tapes.length === paths.length) return
  const other = paths.find((path) => !tapes.includes(path))!
  throw new TapedeckError(
    'RECORDING_INVALID',
    `${other} is no tape, but ${tapes[0]!} is: expected tapes alone, or recordings alone`,
    { hint: 'A tape is a folder with a manifest.json; tapedeck tape makes one from recordings.' },
  )
}

const openRecordings = async (
  paths: readonly string[],
  trading: TradingConfig,
  symbol: string | undefined,
): Promise<OpenedMarket> => {
  const folder = paths.find((path) => statSync(path).isDirectory())
  if (folder !== undefined)
    throw new TapedeckError('RECORDING_INVALID', `${folder} is a folder without a manifest.json`, {
      hint: 'Name a tape folder, or the recordings themselves.',
    })
  const recording = await openRecordingFiles(paths, trading, symbol)
  if (recording.format === 'klines')
    throw new TapedeckError(
      'RECORDING_INVALID',
      `${basename(paths[0]!)} holds klines: bars without prints have no order flow`,
      { hint: 'Play bars with --strategy donchian, turtle or a module of your own.' },
    )
  const fingerprint = await recordingFingerprint(paths)
  const { instruments, composer, events } = recording
  return {
    market: marketOfEvents({
      instruments,
      fingerprint,
      label: paths.map((path) => basename(path)).join(', '),
      composer,
      events,
    }),
    runId: recordingRunId(recordingKey(fingerprint, instruments, trading)),
  }
}

/**
 * Opens tape folders, all on one clock, or recordings of one session, in order. Throws NOT_FOUND,
 * RECORDING_INVALID, SYMBOL_UNKNOWN, and what opening a tape throws.
 */
export const openMarket = async (
  given: readonly string[],
  trading: TradingConfig,
  symbol: string | undefined,
): Promise<OpenedMarket> => {
  const paths = recordingPaths(given).map((path) => resolve(path))
  const tapes = paths.filter(isTape)
  if (tapes.length === 0) return await openRecordings(paths, trading, symbol)
  assertTapes(paths, tapes)
  const opened = await Promise.all(tapes.map(async (path) => await openTape(path)))
  assertTapeSymbol(opened, symbol)
  return { market: marketOfTapes(opened), runId: null }
}
