import { stat } from 'node:fs/promises'
import { hasCode } from '@tapedeck/contracts'
import { readBytes } from './read-bytes.ts'
import { isError, recordingInvalid } from './recording-error.ts'

/** Longest line that is read: a full snapshot of 1000 levels a side is about 60 KiB. */
const LINE_MAX = 8 * 1024 * 1024

/** Lines of a file as they were read, the first of them at line `first`, without line ends. */
export type LineChunk = { readonly first: number; readonly lines: readonly string[] }

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

/** Missing files and folders are said plainly, before anything is read. */
export const assertReadable = async (file: string): Promise<void> => {
  let isFile: boolean
  try {
    isFile = (await stat(file)).isFile()
  } catch (error) {
    const reason = isError(error) ? error.message : String(error)
    throw recordingInvalid({ file }, `cannot be opened (${reason})`, {}, error)
  }
  if (!isFile) throw recordingInvalid({ file }, 'is a folder, expected a file')
}

/**
 * The lines of a file, in chunks, with bounded memory. When the file is damaged, every complete line
 * comes first; the error then names the line at which it ends.
 */
export async function* readLines(file: string): AsyncGenerator<LineChunk, void, undefined> {
  await assertReadable(file)
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  let next = 1
  try {
    for await (const bytes of readBytes(file)) {
      const text = rest + decoder.decode(bytes, { stream: true })
      const lines = text.split('\n')
      rest = lines.pop()!
      if (rest.length > LINE_MAX)
        throw recordingInvalid(
          { file, line: next + lines.length },
          `longer than ${LINE_MAX} characters`,
        )
      if (lines.length === 0) continue
      yield { first: next, lines: text.includes('\r') ? lines.map(withoutReturn) : lines }
      next += lines.length
    }
  } catch (error) {
    if (!hasCode(error, 'RECORDING_INVALID') || error.details['bytes'] === undefined) throw error
    const lost = rest === '' ? '' : `, ${rest.length} characters of it`
    throw recordingInvalid(
      { file, line: next },
      `it ends here${lost}: ${error.message}`,
      { ...error.details, complete_lines: next - 1 },
      error,
    )
  }
  if (rest !== '') yield { first: next, lines: [withoutReturn(rest)] }
}
