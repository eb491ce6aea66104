import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { hasCode } from '@tapedeck/contracts'
import { readBytes } from './read-bytes.ts'
import { isError, recordingInvalid } from './recording-error.ts'

/** Longest line that is read: a full snapshot of 1000 levels a side is about 60 KiB. */
const LINE_MAX = 8 * 1024 * 1024

const NEWLINE = 10

/** Missing files and folders are said plainly, before anything is read. */
export const assertReadable = async (file: string): Promise<void> => {
  let found: Stats
  try {
    found = await stat(file)
  } catch (error) {
    const reason = isError(error) ? error.message : String(error)
    throw recordingInvalid({ file }, `cannot be opened (${reason})`, {}, error)
  }
  if (found.isDirectory()) throw recordingInvalid({ file }, 'is a folder, expected a file')
  if (!found.isFile())
    throw recordingInvalid(
      { file },
      'is a device or a pipe, expected a file that can be read twice',
    )
}

/**
 * The bytes of a file in blocks of whole lines, with bounded memory; only the last line of a file may be
 * without its end. Memory is used again: a block holds until the next is asked for. When the file is
 * damaged, every complete line comes first.
 *
 * @param nextLine The number of the line after all that was yielded: asked when it has to be named.
 */
export async function* readLineBlocks(
  file: string,
  nextLine: () => number,
): AsyncGenerator<Buffer, void, undefined> {
  await assertReadable(file)
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const bytes of readBytes(file)) {
      const first = rest.length === 0 ? 0 : bytes.indexOf(NEWLINE) + 1
      const end = bytes.lastIndexOf(NEWLINE) + 1
      // The line that began before is put together; all others are read where they are.
      if (first > 0) yield Buffer.concat([rest, bytes.subarray(0, first)])
      if (end > first) yield bytes.subarray(first, end)
      rest = end > 0 ? Buffer.from(bytes.subarray(end)) : Buffer.concat([rest, bytes])
      if (rest.length > LINE_MAX)
        throw recordingInvalid({ file, line: nextLine() }, `longer than ${LINE_MAX} characters`)
    }
  } catch (error) {
    if (!hasCode(error, 'RECORDING_INVALID') || error.details['bytes'] === undefined) throw error
    const line = nextLine()
    const lost = rest.length === 0 ? '' : `, ${rest.toString('utf8').length} characters of it`
    throw recordingInvalid(
      { file, line },
      `it ends here${lost}: ${error.message}`,
      { ...error.details, complete_lines: line - 1 },
      error,
    )
  }
  if (rest.length > 0) yield rest
}
