import { formatTable, printLine, type Column, type Terminal } from '../terminal/index.ts'
import { expectancy, type ScanCounts } from './scan-counts.ts'

const NUMBERS: readonly (readonly [string, keyof ScanCounts])[] = [
  ['bars', 'bars'],
  ['compressions', 'compression_candidate'],
  ['breaks', 'break_attempt'],
  ['up', 'up'],
  ['down', 'down'],
  ['hit_1r', 'hit_1r'],
  ['hit_stop', 'hit_stop'],
  ['ttl_expired', 'ttl_expired'],
  ['open', 'open'],
  ['ambiguous', 'ambiguous'],
]

const COLUMNS: readonly Column[] = [
  { title: 'symbol' },
  { title: 'timeframe' },
  { title: 'year', align: 'right' },
  ...NUMBERS.map(([title]): Column => ({ title, align: 'right' })),
  { title: 'mean R', align: 'right' },
]

const rowOf = (counts: ScanCounts): string[] => {
  const mean = expectancy(counts)
  return [
    counts.symbol,
    counts.timeframe,
    String(counts.year),
    ...NUMBERS.map(([, key]) => String(counts[key])),
    mean === null ? '–' : mean.toFixed(3),
  ]
}

/** One row for each symbol, timeframe and year. */
export const printCounts = (terminal: Terminal, groups: readonly ScanCounts[]): void => {
  printLine(terminal, formatTable(COLUMNS, groups.map(rowOf)))
}
