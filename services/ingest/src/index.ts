/**
 * Market data in. Entry points: `ingestService` (the definition that a host builds the service from);
 * `openRecording`, `recordingFingerprint`, `generatedMarket`, `writeRawRecording` for tools that read
 * and write the same files without servers.
 */
export { ingestService } from './service.ts'
export {
  generatedMarket,
  openRecording,
  recordingFingerprint,
  writeRawRecording,
  type Recording,
} from './sources/index.ts'
