import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Instrument, type TradingConfig, TapedeckError } from '@tapedeck/contracts'
import { type Recording, openRecording } from '@tapedeck/ingest'

/** The venue's grid of each configured instrument: what a recording is matched with. */
export const instrumentsOf = ({ instruments }: TradingConfig): Instrument[] =>
  instruments.map((one) => ({
    venue: one.venue,
    symbol: one.symbol,
    base_asset: one.base_asset,
    quote_asset: one.quote_asset,
    tick_size: one.tick_size,
    lot_size: one.lot_size,
    min_quantity: one.min_quantity,
    min_notional: one.min_notional,
    max_leverage: one.max_leverage,
  }))

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
