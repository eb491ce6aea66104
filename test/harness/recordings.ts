import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { describe } from '@jest/globals'
import { REPOSITORY } from '@tapedeck/dev'

/** Two hours of the seeded market, with trades taken and refused. */
export const SHIPPED_RECORDING = join(
  REPOSITORY,
  'data',
  'recordings',
  'btcusdt-usdm-20260105.ws.gz',
)

/** A real recording of the shared test data, which lies beside the repository. It may be absent. */
export const sharedRecording = (name: string): string =>
  join(REPOSITORY, '..', 'shared', 'data', 'binance-ws-raw', name)

/** `describe`, or where the files are absent `describe.skip`; and what to add to the name of the tests. */
export const withRecordings = (
  ...files: readonly string[]
): { readonly suite: typeof describe; readonly absence: string } => {
  const missing = files.filter((file) => !existsSync(file))
  return missing.length === 0
    ? { suite: describe, absence: '' }
    : { suite: describe.skip as typeof describe, absence: ` (absent: ${missing.join(', ')})` }
}

/** The venue's messages of a raw recording, parsed, in the order received. */
export async function* recordingLines(file: string): AsyncGenerator<unknown, void, undefined> {
  const lines = createInterface({
    input: createReadStream(file).pipe(createGunzip()),
    crlfDelay: Infinity,
  })
  for await (const line of lines)
    if (line !== '') yield JSON.parse(line.slice(line.indexOf(' ') + 1)) as unknown
}
