import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import {
  type Instrument,
  TAPEDECK_NAMESPACE,
  type TradingConfig,
  configHash,
  uuid5,
} from '@tapedeck/contracts'
import { assertReadable } from './read-line-blocks.ts'

/**
 * SHA-256 over the contents of files, in their order, as hex. Names and folders do not count: the same
 * recording has the same fingerprint wherever it lies.
 */
export const recordingFingerprint = async (files: readonly string[]): Promise<string> => {
  const all = createHash('sha256')
  for (const file of files) {
    await assertReadable(file)
    const one = createHash('sha256')
    for await (const chunk of createReadStream(file)) one.update(chunk as Buffer)
    all.update(one.digest())
  }
  return all.digest('hex')
}

/** What names a replay: the content of a recording, what is played of it, and under which configuration. */
export const recordingKey = (
  fingerprint: string,
  instruments: readonly Pick<Instrument, 'symbol'>[],
  trading: TradingConfig,
): string =>
  `recording|${fingerprint}|${instruments.map((one) => one.symbol).join(',')}|${configHash(trading)}`

/** The run id of a replay: the same wherever, whenever and by whatever it is played. */
export const recordingRunId = (key: string): string => uuid5(TAPEDECK_NAMESPACE, key)
