import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { assertReadable } from './read-lines.ts'

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
