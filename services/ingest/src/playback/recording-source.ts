import { basename } from 'node:path'
import { type TradingConfig, instrumentsOf } from '@tapedeck/contracts'
import {
  openRecording,
  recordingFingerprint,
  recordingKey,
  recordingRunId,
} from '@tapedeck/recordings'
import { type Source, skipEvents } from './source.ts'

/**
 * Recordings as a source. The run's id comes from their content and the trading configuration, so the
 * same replay has the same ids wherever and whenever it is played.
 */
export const recordingSource = async (
  files: readonly string[],
  symbol: string | undefined,
  trading: TradingConfig,
): Promise<Source> => {
  const chosen = symbol === undefined ? {} : { symbol }
  const open = async () =>
    await openRecording({ files, instruments: instrumentsOf(trading), ...chosen })
  const recording = await open()
  const fingerprint = await recordingFingerprint(files)
  const key = recordingKey(fingerprint, recording.instruments, trading)
  return {
    kind: 'recording',
    label: files.map((file) => basename(file)).join(', '),
    key,
    runId: recordingRunId(key),
    instruments: recording.instruments,
    composer: recording.composer,
    repeatable: true,
    realTime: false,
    events: ({ events }) => skipEvents(recording.events(), events),
  }
}
