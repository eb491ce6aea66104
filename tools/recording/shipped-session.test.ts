import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from '@jest/globals'
import { writeRawRecording } from '@tapedeck/recordings'
import {
  DEPTH_INTERVAL_MS,
  INSTRUMENT,
  SHIPPED_RECORDING,
  shippedSession,
} from './shipped-session.ts'

const MINUTES = 10

it('the shipped recording is what the generator makes today (else: node tools/recording/generate.ts)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tapedeck-shipped-'))
  try {
    const file = join(folder, 'again.ws.gz')
    await writeRawRecording(shippedSession(MINUTES), {
      file,
      instrument: INSTRUMENT,
      depthIntervalMs: DEPTH_INTERVAL_MS,
    })
    const again = gunzipSync(readFileSync(file)).toString()
    const shipped = gunzipSync(readFileSync(SHIPPED_RECORDING)).toString()
    expect(shipped.slice(0, again.length) === again).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
