/**
 * Recordings through all services, in a stack of their own.
 *
 * Entry points: `runReplay` (the summary of a recording), `runSmoke` (is the chain whole?),
 * `openRecordingFiles` (recordings without servers). Invariants: nothing is ever played into the journal
 * of the main data folder; what was started is stopped, whatever happens.
 */
export type { RunState } from './play-recording.ts'
export { openRecordingFiles, recordingPaths } from './recording-files.ts'
export { keptReplays } from './replay-folders.ts'
export { runReplay, type ReplayOptions } from './run-replay.ts'
export { runSmoke, shippedRecording, type SmokeOptions } from './run-smoke.ts'
