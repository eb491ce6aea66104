/**
 * Writes the recording that is shipped with the product, in Binance's raw format. Run it after a change
 * to the generator: `node tools/recording/generate.ts`. The same generator gives the same recording.
 */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeRawRecording } from '@tapedeck/recordings'
import {
  DEPTH_INTERVAL_MS,
  INSTRUMENT,
  SESSION_MINUTES,
  SHIPPED_RECORDING,
  shippedSession,
} from './shipped-session.ts'

await mkdir(dirname(SHIPPED_RECORDING), { recursive: true })
await writeRawRecording(shippedSession(SESSION_MINUTES), {
  file: SHIPPED_RECORDING,
  instrument: INSTRUMENT,
  depthIntervalMs: DEPTH_INTERVAL_MS,
})
