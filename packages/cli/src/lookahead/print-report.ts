import { type Finding, type LookaheadReport, POISONS } from '@tapedeck/backtest'
import { type Terminal, count, paint, printLine } from '../terminal/index.ts'

const SHOWN = 600

const iso = (at: number): string => new Date(at).toISOString()

const valueText = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text
}

const printFinding = (terminal: Terminal, finding: Finding): void => {
  const { poison, cut, at, what, field, clean, poisoned } = finding
  const where = field === '' ? what : `${field} of ${what}`
  const head = poison === null ? 'NOT REPEATABLE' : 'LOOKS AHEAD'
  printLine(terminal, `${paint(terminal.out, 'red', head)}: ${where} at ${iso(at)}`)
  printLine(
    terminal,
    poison === null
      ? '  The same data gave another result the second time; look-ahead cannot be judged before that is mended.'
      : `  changed when everything after ${iso(cut)} was replaced (${poison}: ${POISONS[poison]})`,
  )
  if (poison !== null || clean !== null)
    printLine(terminal, `  as it was:      ${valueText(clean)}`)
  printLine(
    terminal,
    `  ${poison === null ? 'the second time' : 'another future'}: ${valueText(poisoned)}`,
  )
}

/** What was compared, and what was found. */
export const printReport = (terminal: Terminal, report: LookaheadReport): void => {
  const { subject, statements, cuts, findings, from, to } = report
  const compared = cuts.reduce((sum, one) => sum + one.compared, 0)
  printLine(
    terminal,
    `${paint(terminal.out, 'bold', subject)}: ${count(statements)} statements, ${iso(from)} to ${iso(to)}`,
  )
  for (const finding of findings) printFinding(terminal, finding)
  if (findings.length > 0 || cuts.length === 0) return
  const kinds = [...new Set(cuts.map(({ poison }) => poison))].join(', ')
  printLine(
    terminal,
    `  ${paint(terminal.out, 'green', 'no statement changed')}: ${cuts.length} futures replaced (${kinds}), ${count(compared)} statements compared byte for byte`,
  )
}
