import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type TradingConfig, TapedeckError, instrumentsOf } from '@tapedeck/contracts'
import { type Recording, openRecording } from '@tapedeck/recordings'

/** Absolute paths. Throws NOT_FOUND for the first that does not exist. */
export const recordingPaths = (files: readonly string[]): string[] =>
  files.map((file) => {
    const path = resolve(file)
    if (existsSync(path)) return path
    throw new TapedeckError('NOT_FOUND', `there is no file ${file}`, {
      hint: `Looked for ${path}. Paths are relative to the working directory.`,
    })
  })

/** Opens recordings for reading here. Throws NOT_FOUND, RECORDING_INVALID, SYMBOL_UNKNOWN. */
export const openRecordingFiles = async (
  files: readonly string[],
  trading: TradingConfig,
  symbol: string | undefined,
): Promise<Recording> =>
  await openRecording({
    files: recordingPaths(files),
    instruments: instrumentsOf(trading),
    ...(symbol === undefined ? {} : { symbol }),
  })
