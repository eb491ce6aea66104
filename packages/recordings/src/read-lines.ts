import { readLineBlocks } from './read-line-blocks.ts'

/** Lines of a file as they were read, the first of them at line `first`, without line ends. */
export type LineChunk = { readonly first: number; readonly lines: readonly string[] }

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

/**
 * The lines of a file, in chunks, with bounded memory. When the file is damaged, every complete line
 * comes first; the error then names the line at which it ends.
 */
export async function* readLines(file: string): AsyncGenerator<LineChunk, void, undefined> {
  const decoder = new TextDecoder('utf-8')
  let next = 1
  for await (const block of readLineBlocks(file, () => next)) {
    const text = decoder.decode(block, { stream: true })
    const lines = text.split('\n')
    if (text.endsWith('\n')) lines.pop()
    const first = next
    next += lines.length
    yield { first, lines: text.includes('\r') ? lines.map(withoutReturn) : lines }
  }
}
