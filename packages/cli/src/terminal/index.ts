/**
 * What a command writes, and how: streams, a status line, tables, numbers for people.
 *
 * Entry points: `Terminal` (the streams), `printLine` and `say`, `StatusLine`, `formatTable`. Invariants:
 * stdout carries data alone; nothing is animated or colored where nobody looks.
 */
export {
  canAnimate,
  columnsOf,
  paint,
  printLine,
  processTerminal,
  say,
  whileLoading,
  type Terminal,
} from './terminal.ts'
export { StatusLine, type StatusLineOptions } from './status-line.ts'
export { formatPairs, formatTable, type Column } from './table.ts'
export { count, counted, duration, figure, money, rate, utc, utcMillis } from './format.ts'
