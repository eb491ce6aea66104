import { stripVTControlCharacters } from 'node:util'

export interface Column {
  readonly title: string
  /** Numbers are right-aligned. */
  readonly align?: 'left' | 'right'
}

const widthOf = (text: string): number => stripVTControlCharacters(text).length

const pad = (text: string, width: number, align: Column['align']): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'right' ? space + text : text + space
}

/** A table without borders, two spaces between columns; the title row first. */
export const formatTable = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string => {
  const titles = columns.map(({ title }) => title)
  const all = [titles, ...rows]
  const widths = columns.map((_, i) => Math.max(...all.map((row) => widthOf(row[i] ?? ''))))
  return all
    .map((row) =>
      columns
        .map(({ align }, i) => pad(row[i] ?? '', widths[i]!, align))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Names and values under each other, the values aligned. */
export const formatPairs = (pairs: readonly (readonly [string, string])[], indent = 2): string => {
  const width = Math.max(0, ...pairs.map(([name]) => name.length))
  return pairs
    .map(([name, value]) => `${' '.repeat(indent)}${name.padEnd(width)}  ${value}`.trimEnd())
    .join('\n')
}
